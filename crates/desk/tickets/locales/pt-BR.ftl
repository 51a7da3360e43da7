tickets = Chamados
