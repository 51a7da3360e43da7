landing-title = Precisa de ajuda? Abra um chamado.
landing-lead = Conte o que acontece e acompanhe em uma só página quem está cuidando, o que já foi feito e o que falta.
landing-how = Como funciona
landing-how-1 = Você abre o chamado com um título, a descrição e, se ajudar, uma foto.
landing-how-2 = Um técnico assume e conversa com você na própria página.
landing-how-3 = Você confirma a solução, ou reabre se não resolveu.
landing-point-1 = Sempre a par
landing-point-1-about = Status, responsável e histórico completos, sem ligar para perguntar.
landing-point-2 = Só quem deve vê
landing-point-2-about = Cada pessoa enxerga apenas os próprios chamados e arquivos.
landing-point-3 = Em qualquer tela
landing-point-3-about = As mesmas páginas no computador e no telefone.
api-title = API
api-lead = As mesmas regras das páginas, em JSON. Entre em /api/v1/auth/login e envie o token como Authorization: Bearer.
api-contract = Contrato em OpenAPI 3
api-parameters = Parâmetros
api-body = Corpo
api-answers = Respostas
api-required = obrigatório
api-group-auth = Entrar
api-group-users = Usuários
api-group-tickets = Chamados
api-group-comments = Mensagens
api-group-attachments = Arquivos
api-group-timeline = Linha do tempo
api-answer-200 = Feito
api-answer-201 = Criado
api-answer-400 = Corpo ou estado que não serve
api-answer-401 = Sem token válido
api-answer-403 = O perfil não permite
api-answer-404 = Não existe ou não é visível
api-answer-409 = Mudou nesse meio-tempo
api-answer-413 = Grande demais
api-answer-415 = Formato não aceito
api-answer-422 = Campos a corrigir
api-answer-429 = Muitas tentativas
bad-request = A requisição chegou incompleta.
bad-state = O chamado não está no estado que esta ação exige.
problem-limit = Informe um número de 1 a 100.
wait-seconds = { $count ->
    [one] Espere um segundo antes de tentar de novo.
   *[other] Espere { $count } segundos antes de tentar de novo.
}
wait-minutes = { $count ->
    [one] Espere um minuto antes de tentar de novo.
   *[other] Espere { $count } minutos antes de tentar de novo.
}
