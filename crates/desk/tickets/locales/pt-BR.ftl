dashboard = Painel
dashboard-about = O que precisa de você agora.
dashboard-help = Como podemos ajudar?
dashboard-mine = Meus chamados
dashboard-mine-none = Nenhum chamado com você
dashboard-mine-hint = Os chamados que você assumir aparecem aqui.
dashboard-waiting = Esperando um técnico
dashboard-waiting-none = Ninguém esperando
dashboard-waiting-hint = Chamados novos e escalonados sem responsável aparecem aqui.
dashboard-own = Seus chamados em aberto
dashboard-own-none = Nenhum chamado em aberto
dashboard-own-hint = Quando você abrir um chamado, o andamento dele aparece aqui.
hello = Olá, { $name }
see-all = Ver todos
ticket = Chamado
tickets = Chamados
tickets-own = Meus chamados
tickets-own-about = O que você pediu e em que pé está.
tickets-none = Nenhum chamado encontrado
tickets-none-filtered = Nada combina com estes filtros.
tickets-none-view = Não há chamados nesta visão agora.
tickets-none-own = Quando você abrir um chamado, ele aparece aqui.
ticket-new = Novo chamado
ticket-new-about = Título e descrição bastam. O resto a equipe completa.
ticket-open = Abrir chamado
ticket-open-about = Conte o que acontece; um técnico responde por aqui.
ticket-edit = Editar chamado
ticket-edit-about = Cada mudança entra no histórico com o seu nome.
ticket-for-whom = Para quem
ticket-for-whom-hint = Preencha pelo menos um: solicitante, empresa ou nome do cliente.
ticket-routing = Encaminhamento
ticket-more = Mais detalhes
ticket-more-hint = categoria, fila e prioridade
ticket-with = Com { $name }
ticket-in-queue = Na fila, ainda sem responsável
ticket-unassigned = Ninguém está com este chamado.
ticket-who = Quem está cuidando
ticket-data = Dados do chamado
ticket-data-jump = Ações e dados
ticket-progress = Andamento
ticket-confirm = Encerrar: confirmar solução
ticket-not-solved = Não resolveu
ticket-related = Abrir novo chamado relacionado
ticket-is-closed = Este chamado está fechado
ticket-is-closed-about = Um chamado fechado não recebe mensagens nem arquivos.
ticket-elsewhere = Em atendimento por outro técnico
ticket-elsewhere-about = Para participar, peça um convite ao responsável ou à supervisão.
views = Visões
view-active = Em aberto
view-mine = Meus
view-unassigned = Sem atendimento
view-working = Em atendimento
view-waiting = Aguardando
view-escalated = Escalonados
view-resolved = Resolvidos
view-all = Todos
block-unassigned = Sem atendimento
block-working = Em atendimento
company-missing = Sem empresa
filters = Filtros
filters-apply = Filtrar
filters-set = Filtros ativos
filters-clear = Limpar filtros
filter-remove = Remover filtro { $filter }
show-as = Modo de exibição
show-list = Lista
show-cards = Cartões
choose = Escolha
nobody = Ninguém
me = Eu
requester-none = Sem cadastro
queue-choose = A equipe escolhe
queue-next = Próximo nível
queue-or-sector = Setor / Fila
queue-target = Fila de destino
subcategory-none = Nenhuma
keep-current = Manter o atual
field-title = Título
field-description = Descrição
field-status = Status
field-queue = Fila
field-category = Categoria
field-subcategory = Subcategoria
field-assignee = Responsável
field-priority = Prioridade
field-company = Empresa
field-requester = Solicitante
field-channel = Canal
field-contact-name = Nome do cliente
field-contact-info = Contato
field-content = Mensagem
field-participant = Técnico convidado
field-from = De
field-to = Até
contact-name-hint = Para quem não tem cadastro.
contact-info-hint = Telefone, e-mail ou ramal.
title-hint = Em poucas palavras: o que acontece e onde.
description-hint = Desde quando, quem é afetado, o que já foi tentado.
status-first = Status inicial
status-open = Aberto
status-in_progress = Em andamento
status-waiting = Aguardando
status-scheduled = Agendado
status-escalated = Escalonado
status-resolved = Resolvido
status-closed = Fechado
status-new = Novo
status-attending = Em atendimento
status-pending = Pendente
priority-low = Baixa
priority-normal = Normal
priority-high = Alta
priority-critical = Crítica
classification-hardware = Equipamento
classification-software = Programa
classification-network = Rede
classification-access = Acesso
classification-user-error = Erro de uso
classification-third-party = Terceiros
classification-other = Outro
step-opened = Aberto
step-working = Em andamento
step-resolved = Resolvido
step-closed = Fechado
protocol = Protocolo
created = Criado
updated = Atualizado
resolved = Resolvido
closed = Fechado
details = Detalhes
solution = Solução
solution-before = Solução anterior, antes de reabrir
solution-hint = O solicitante lê este texto.
closing = Fechamento
reason = Motivo
classification = Classificação
evaluation = Avaliação técnica
evaluation-hint = Só a equipe vê.
evaluation-pending = Avaliação pendente
close-reason-hint = Por que o chamado termina aqui. Só a equipe vê.
escalate-reason-hint = O que já foi tentado. Só a equipe vê.
wait-hint = O chamado fica aguardando o cliente ou um terceiro. Quando o solicitante responder, o atendimento continua.
resume-hint = O atendimento continua de onde parou.
reopen-hint = O chamado volta ao atendimento.
take = Assumir
reopen = Reabrir
act-resolve = Resolver
act-wait = Aguardar
act-resume = Retomar
act-transfer = Transferir
act-assign = Atribuir
act-escalate = Escalonar
act-queue = Mudar fila
act-priority = Mudar prioridade
act-close = Fechar
act-reopen = Reabrir
act-now-resolve = Resolver chamado
act-now-wait = Pôr em espera
act-now-resume = Retomar atendimento
act-now-transfer = Transferir chamado
act-now-assign = Atribuir chamado
act-now-escalate = Escalonar chamado
act-now-queue = Salvar fila
act-now-priority = Salvar prioridade
act-now-close = Fechar chamado
act-now-reopen = Reabrir chamado
team = Equipe no atendimento
participant-invite = Convidar técnico
participant-remove = Remover { $name }
talk = Conversa
talk-show = Mostrar
talk-earlier = Mostrar anteriores
talk-newest = Voltar às mais recentes
presence-looking = { $count ->
    [1] { $name } está vendo
    [2] { $name } e { $second } estão vendo
   *[other] { $name } e mais { $more } pessoas estão vendo
}
presence-writing = { $count ->
    [1] { $name } está escrevendo uma resposta
    [2] { $name } e { $second } estão escrevendo respostas
   *[other] { $name } e mais { $more } pessoas estão escrevendo respostas
}
kind-staff = Técnico
kind-client = Cliente
kind-system = Sistema
internal = Interno
message = Mensagem
message-of = Mensagem de { $name }
note-of = Nota interna de { $name }
message-retracted = Mensagem retratada
message-retracted-of = Mensagem retratada de { $name }
retract = Retratar
retract-confirm = Retratar esta mensagem? O texto some para todos e os arquivos dela são apagados.
composer = Escrever no chamado
composer-kind = Tipo
reply = Responder
reply-to = Responder a { $name }
reply-write = Escreva a resposta
reply-to-desk = Escreva para a equipe
note = Nota interna
note-placeholder = Só a equipe vê esta nota
note-visible = Só a equipe vê. O solicitante não recebe aviso.
send = Enviar
send-and-set = Enviar e definir como
send-and-keep = Sem mudança
draft-restored = Rascunho recuperado.
draft-discard = Descartar
files = Arquivos
files-hint = Imagens, PDF, texto, planilhas e documentos, até { $count } MB cada. Também dá para arrastar ou colar aqui.
files-attach = Anexar arquivos (até { $count } MB cada)
files-chosen = Arquivos escolhidos
files-again = O navegador não guarda os arquivos de um envio recusado: escolha-os de novo.
file-get = Baixar { $name }
file-view = Ver { $name }
file-too-big = é maior que o limite de
file-too-many = Limite de arquivos:
file-pasted = captura
form-refused = Nada foi enviado ainda
event-created = abriu o chamado
event-assigned = atribuiu o chamado a { $who }
event-taken = assumiu o chamado
event-assigned-auto = passou a atender o chamado
event-transferred = transferiu o chamado para { $who }
event-unassigned = retirou { $who } do chamado
event-status-changed = mudou o status de { $from } para { $to }
event-escalated = escalonou o chamado de { $old } para { $new }: { $reason }
event-escalated-plain = escalonou o chamado para { $new }
event-resolved = resolveu o chamado
event-closed = fechou o chamado
event-confirmed = confirmou a solução e encerrou o chamado
event-reopened = reabriu o chamado
event-queue-changed = mudou a fila de { $old } para { $new }
event-priority-changed = mudou a prioridade de { $old } para { $new }
event-category-changed = mudou a categoria de { $old } para { $new }
event-edited = corrigiu o chamado: { $fields }
event-retracted = retratou uma mensagem
event-participant-added = convidou { $who } para o chamado
event-participant-removed = retirou { $who } da equipe do chamado
conflict-closed = Este chamado está fechado e não aceita mudanças.
conflict-state = O chamado não está mais no estado que esta ação exige.
conflict-stale = O chamado foi alterado por outra pessoa enquanto você o editava.
conflict-too-late-to-retract = O prazo de 10 minutos para retratar esta mensagem já passou.
conflict-kept = Nada foi enviado; o seu texto está guardado abaixo. Confira o estado atual e envie de novo.
conflict-kept-text = O texto que não foi enviado
conflict-look = Nada foi mudado. Confira como o chamado está agora.
conflict-see = Ver o chamado como está agora
refused-other-technician = Este chamado está em atendimento por outro técnico.
problem-somebody = Informe o solicitante, a empresa ou o nome do cliente.
problem-same-assignee = O chamado já está com esta pessoa.
problem-already-there = Esta pessoa já está no chamado.
problem-no-level-above = Não há fila de nível acima. Escolha a fila de destino.
problem-company-inactive = Esta empresa está arquivada e não recebe chamados novos.
flash-ticket-opened = Chamado aberto.
flash-comment-sent = Mensagem enviada.
flash-ticket-assigned = Responsável definido.
flash-ticket-saved = Chamado atualizado.
flash-ticket-escalated = Chamado escalonado.
flash-ticket-resolved = Chamado resolvido.
flash-ticket-closed = Chamado fechado.
flash-ticket-reopened = Chamado reaberto.
flash-participant-added = Técnico convidado.
flash-participant-removed = Técnico retirado da equipe.
flash-comment-retracted = Mensagem retratada.
permission-ticket-open = Abrir chamados
permission-ticket-see = Ver chamados: o solicitante os próprios, a equipe os que os limites de cada um deixam
permission-ticket-comment = Escrever nos chamados que vê
permission-ticket-close = Encerrar e reabrir chamados
permission-ticket-work = Atender chamados: assumir, aguardar, resolver, escalonar, transferir
permission-ticket-assign = Dizer quem atende um chamado
permission-ticket-edit = Corrigir o texto e os dados de um chamado
search-found = { $count ->
    [one] Encontrado em 1 chamado.
   *[other] Encontrado em { $count } chamados.
}
views-saved = Visões salvas
view-shared = Compartilhada
view-name = Nome da visão
view-share = Compartilhar com toda a equipe
view-save = Salvar visão
view-create = Salvar como nova visão
view-update = Atualizar esta visão
view-remove = Excluir esta visão
view-remove-sure = Excluir a visão “{ $name }”? Os chamados ficam como estão.
flash-view-saved = Visão salva
flash-view-removed = Visão excluída
problem-view-too-long = Há filtros demais para uma visão.
show-board = Quadro
show-split = Lado a lado
split-none = Escolha um chamado na lista
split-none-about = Ele abre aqui, e a lista continua no lugar.
board-empty = Nenhum chamado
board-move = Mover { $ticket } para outra coluna
board-move-to = Mover para…
board-move-now = Mover
board-refused = Este chamado não pode ir para esta coluna agora.
bulk = Ações em vários chamados
bulk-chosen = { $count ->
    [one] 1 selecionado
   *[other] { $count } selecionados
 }
bulk-chosen-some = Com os selecionados:
bulk-choose = Selecionar { $ticket }
bulk-choose-all = Selecionar todos desta página
bulk-clear = Limpar seleção
bulk-assign = Atribuir
bulk-queue = Mudar fila
bulk-priority = Mudar prioridade
bulk-solution-hint = O mesmo texto vai para todos; cada solicitante lê.
bulk-set-assignee = Responsável
bulk-set-queue = Fila
bulk-set-priority = Prioridade
bulk-ticket = Chamados
bulk-did-take = { $count ->
    [one] 1 chamado assumido
   *[other] { $count } chamados assumidos
 }
bulk-did-assign = { $count ->
    [one] 1 chamado atribuído
   *[other] { $count } chamados atribuídos
 }
bulk-did-queue = { $count ->
    [one] 1 chamado mudou de fila
   *[other] { $count } chamados mudaram de fila
 }
bulk-did-priority = { $count ->
    [one] 1 chamado mudou de prioridade
   *[other] { $count } chamados mudaram de prioridade
 }
bulk-did-wait = { $count ->
    [one] 1 chamado aguardando
   *[other] { $count } chamados aguardando
 }
bulk-did-resume = { $count ->
    [one] 1 chamado retomado
   *[other] { $count } chamados retomados
 }
bulk-did-resolve = { $count ->
    [one] 1 chamado resolvido
   *[other] { $count } chamados resolvidos
 }
bulk-undone = { $count ->
    [0] Nada foi desfeito
    [one] Desfeito: 1 chamado está como antes
   *[other] Desfeito: { $count } chamados estão como antes
 }
bulk-nothing = Nenhum chamado mudou
bulk-refused = { $count ->
    [one] 1 chamado ficou como estava
   *[other] { $count } chamados ficaram como estavam
 }
bulk-gone = Este chamado não existe mais.
undo = Desfazer
conflict-undo = Já não dá para desfazer: passaram mais de 10 minutos, ou já foi desfeito.
problem-choose-tickets = Escolha pelo menos um chamado.
problem-too-many-tickets = Escolha no máximo 100 chamados de uma vez.
permission-view-share = Compartilhar visões com a equipe
problem-too-many-views = Você já tem 40 visões; exclua uma primeiro.
flash-ticket-handed-on = Chamado encaminhado. Ele está agora fora dos seus limites e não aparece mais para você.
problem-out-of-reach = Esta pessoa não atende a fila ou a empresa deste chamado.
