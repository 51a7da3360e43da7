dashboard = Panel
dashboard-about = Lo que le necesita ahora.
dashboard-help = ¿Cómo podemos ayudar?
dashboard-mine = Mis tickets
dashboard-mine-none = Ningún ticket con usted
dashboard-mine-hint = Los tickets que usted tome aparecen aquí.
dashboard-waiting = Esperando a un técnico
dashboard-waiting-none = Nadie está esperando
dashboard-waiting-hint = Los tickets nuevos y escalados sin responsable aparecen aquí.
dashboard-own = Sus tickets abiertos
dashboard-own-none = Ningún ticket abierto
dashboard-own-hint = Cuando abra un ticket, su avance aparece aquí.
hello = Hola, { $name }
see-all = Ver todos
ticket = Ticket
tickets = Tickets
tickets-own = Mis tickets
tickets-own-about = Lo que pidió y cómo va.
tickets-none = No se encontró ningún ticket
tickets-none-filtered = Nada coincide con estos filtros.
tickets-none-view = No hay tickets en esta vista por ahora.
tickets-none-own = Cuando abra un ticket, aparece aquí.
ticket-new = Nuevo ticket
ticket-new-about = Bastan un título y una descripción. El equipo completa lo demás.
ticket-open = Abrir ticket
ticket-open-about = Cuente qué ocurre; un técnico responde por aquí.
ticket-edit = Editar ticket
ticket-edit-about = Cada cambio entra en el historial con su nombre.
ticket-for-whom = Para quién
ticket-for-whom-hint = Complete al menos uno: solicitante, empresa o nombre del cliente.
ticket-routing = Derivación
ticket-more = Más detalles
ticket-more-hint = categoría, cola y prioridad
ticket-with = Con { $name }
ticket-in-queue = En la cola, todavía sin responsable
ticket-unassigned = Nadie tiene este ticket.
ticket-who = Quién lo atiende
ticket-data = Datos del ticket
ticket-data-jump = Acciones y datos
ticket-progress = Avance
ticket-confirm = Cerrar: confirmar la solución
ticket-not-solved = No se resolvió
ticket-related = Abrir un ticket relacionado
ticket-is-closed = Este ticket está cerrado
ticket-is-closed-about = Un ticket cerrado no recibe mensajes ni archivos.
ticket-elsewhere = Lo atiende otro técnico
ticket-elsewhere-about = Para participar, pida una invitación al responsable o a supervisión.
views = Vistas
view-active = Abiertos
view-mine = Míos
view-unassigned = Sin atender
view-working = En atención
view-waiting = En espera
view-escalated = Escalados
view-resolved = Resueltos
view-all = Todos
block-unassigned = Sin atender
block-working = En atención
company-missing = Sin empresa
filters = Filtros
filters-apply = Filtrar
filters-set = Filtros activos
filters-clear = Quitar los filtros
filter-remove = Quitar el filtro { $filter }
show-as = Modo de visualización
show-list = Lista
show-cards = Tarjetas
choose = Elija
nobody = Nadie
me = Yo
requester-none = Sin cuenta
queue-choose = La elige el equipo
queue-next = Nivel siguiente
queue-or-sector = Sector / Cola
queue-target = Cola de destino
subcategory-none = Ninguna
keep-current = Mantener el actual
field-title = Título
field-description = Descripción
field-status = Estado
field-queue = Cola
field-category = Categoría
field-subcategory = Subcategoría
field-assignee = Responsable
field-priority = Prioridad
field-company = Empresa
field-requester = Solicitante
field-channel = Canal
field-contact-name = Nombre del cliente
field-contact-info = Contacto
field-content = Mensaje
field-participant = Técnico invitado
field-from = Desde
field-to = Hasta
contact-name-hint = Para quien no tiene cuenta.
contact-info-hint = Teléfono, correo o interno.
title-hint = En pocas palabras: qué ocurre y dónde.
description-hint = Desde cuándo, a quién afecta, qué se intentó ya.
status-first = Estado inicial
status-open = Abierto
status-in_progress = En curso
status-waiting = En espera
status-scheduled = Programado
status-escalated = Escalado
status-resolved = Resuelto
status-closed = Cerrado
status-new = Nuevo
status-attending = En atención
status-pending = Pendiente
priority-low = Baja
priority-normal = Normal
priority-high = Alta
priority-critical = Crítica
classification-hardware = Equipo
classification-software = Programa
classification-network = Red
classification-access = Acceso
classification-user-error = Error de uso
classification-third-party = Terceros
classification-other = Otro
step-opened = Abierto
step-working = En curso
step-resolved = Resuelto
step-closed = Cerrado
protocol = Número
created = Creado
updated = Actualizado
resolved = Resuelto
closed = Cerrado
details = Detalles
solution = Solución
solution-before = Solución anterior, antes de reabrir
solution-hint = El solicitante lee este texto.
closing = Cierre
reason = Motivo
classification = Clasificación
evaluation = Evaluación técnica
evaluation-hint = Solo la ve el equipo.
evaluation-pending = Evaluación pendiente
close-reason-hint = Por qué el ticket termina aquí. Solo lo ve el equipo.
escalate-reason-hint = Qué se intentó ya. Solo lo ve el equipo.
wait-hint = El ticket espera al cliente o a un tercero. Cuando el solicitante responda, la atención sigue.
resume-hint = La atención sigue desde donde quedó.
reopen-hint = El ticket vuelve a atención.
take = Tomar
reopen = Reabrir
act-resolve = Resolver
act-wait = Poner en espera
act-resume = Retomar
act-transfer = Transferir
act-assign = Asignar
act-escalate = Escalar
act-queue = Cambiar cola
act-priority = Cambiar prioridad
act-close = Cerrar
act-reopen = Reabrir
act-now-resolve = Resolver ticket
act-now-wait = Poner en espera
act-now-resume = Retomar la atención
act-now-transfer = Transferir ticket
act-now-assign = Asignar ticket
act-now-escalate = Escalar ticket
act-now-queue = Guardar cola
act-now-priority = Guardar prioridad
act-now-close = Cerrar ticket
act-now-reopen = Reabrir ticket
team = Equipo en el ticket
participant-invite = Invitar a un técnico
participant-remove = Quitar a { $name }
talk = Conversación
talk-show = Mostrar
talk-earlier = Mostrar anteriores
talk-newest = Volver a los más recientes
presence-looking = { $count ->
    [1] { $name } lo está viendo
    [2] Lo están viendo: { $name }, { $second }
   *[other] { $name } y otras { $more } personas lo están viendo
}
presence-writing = { $count ->
    [1] { $name } está escribiendo una respuesta
    [2] Están escribiendo una respuesta: { $name }, { $second }
   *[other] { $name } y otras { $more } personas están escribiendo una respuesta
}
kind-staff = Técnico
kind-client = Cliente
kind-system = Sistema
internal = Interno
message = Mensaje
message-of = Mensaje de { $name }
note-of = Nota interna de { $name }
message-retracted = Mensaje retirado
message-retracted-of = Mensaje retirado de { $name }
retract = Retirar
retract-confirm = ¿Retirar este mensaje? El texto desaparece para todos y sus archivos se borran.
composer = Escribir en el ticket
composer-kind = Tipo
reply = Responder
reply-to = Responder a { $name }
reply-write = Escriba la respuesta
reply-to-desk = Escriba al equipo
note = Nota interna
note-placeholder = Solo el equipo ve esta nota
note-visible = Solo la ve el equipo. El solicitante no recibe aviso.
send = Enviar
send-and-set = Enviar y definir como
send-and-keep = Sin cambio
draft-restored = Borrador recuperado.
draft-discard = Descartar
files = Archivos
files-hint = Imágenes, PDF, texto, planillas y documentos, hasta { $count } MB cada uno. También puede arrastrarlos o pegarlos aquí.
files-attach = Adjuntar archivos (hasta { $count } MB cada uno)
files-chosen = Archivos elegidos
files-again = El navegador no guarda los archivos de un envío rechazado: elíjalos de nuevo.
file-get = Descargar { $name }
file-view = Ver { $name }
file-too-big = supera el límite de
file-too-many = Límite de archivos:
file-pasted = captura
form-refused = Todavía no se envió nada
event-created = abrió el ticket
event-assigned = asignó el ticket a { $who }
event-taken = tomó el ticket
event-assigned-auto = empezó a atender el ticket
event-transferred = transfirió el ticket a { $who }
event-unassigned = quitó a { $who } del ticket
event-status-changed = cambió el estado de { $from } a { $to }
event-escalated = escaló el ticket de { $old } a { $new }: { $reason }
event-escalated-plain = escaló el ticket a { $new }
event-resolved = resolvió el ticket
event-closed = cerró el ticket
event-confirmed = confirmó la solución y cerró el ticket
event-reopened = reabrió el ticket
event-queue-changed = cambió la cola de { $old } a { $new }
event-priority-changed = cambió la prioridad de { $old } a { $new }
event-category-changed = cambió la categoría de { $old } a { $new }
event-edited = corrigió el ticket: { $fields }
event-retracted = retiró un mensaje
event-participant-added = invitó a { $who } al ticket
event-participant-removed = quitó a { $who } del equipo del ticket
conflict-closed = Este ticket está cerrado y no acepta cambios.
conflict-state = El ticket ya no está en el estado que exige esta acción.
conflict-stale = Otra persona modificó el ticket mientras usted lo editaba.
conflict-too-late-to-retract = Ya pasaron los 10 minutos para retirar este mensaje.
conflict-kept = No se envió nada; su texto está guardado abajo. Revise el estado actual y envíe de nuevo.
conflict-kept-text = El texto que no se envió
conflict-look = No se cambió nada. Revise cómo está el ticket ahora.
conflict-see = Ver el ticket como está ahora
refused-other-technician = Otro técnico está atendiendo este ticket.
problem-somebody = Indique el solicitante, la empresa o el nombre del cliente.
problem-same-assignee = Esta persona ya tiene el ticket.
problem-already-there = Esta persona ya está en el ticket.
problem-no-level-above = No hay una cola de nivel superior. Elija la cola de destino.
problem-company-inactive = Esta empresa está archivada y no recibe tickets nuevos.
flash-ticket-opened = Ticket abierto.
flash-comment-sent = Mensaje enviado.
flash-ticket-assigned = Responsable definido.
flash-ticket-saved = Ticket actualizado.
flash-ticket-escalated = Ticket escalado.
flash-ticket-resolved = Ticket resuelto.
flash-ticket-closed = Ticket cerrado.
flash-ticket-reopened = Ticket reabierto.
flash-participant-added = Técnico invitado.
flash-participant-removed = Técnico retirado del equipo.
flash-comment-retracted = Mensaje retirado.
permission-ticket-open = Abrir tickets
permission-ticket-see = Ver tickets: el solicitante los suyos, el equipo los que dejan los límites de cada uno
permission-ticket-comment = Escribir en los tickets que ve
permission-ticket-close = Cerrar y reabrir tickets
permission-ticket-work = Atender tickets: tomar, esperar, resolver, escalar, transferir
permission-ticket-assign = Definir quién atiende un ticket
permission-ticket-edit = Corregir el texto y los datos de un ticket
search-found = { $count ->
    [one] Encontrado en 1 ticket.
   *[other] Encontrado en { $count } tickets.
}
views-saved = Vistas guardadas
view-shared = Compartida
view-name = Nombre de la vista
view-share = Compartir con todo el equipo
view-save = Guardar vista
view-create = Guardar como vista nueva
view-update = Actualizar esta vista
view-remove = Eliminar esta vista
view-remove-sure = ¿Eliminar la vista “{ $name }”? Los tickets quedan como están.
flash-view-saved = Vista guardada
flash-view-removed = Vista eliminada
problem-view-too-long = Hay demasiados filtros para una vista.
show-board = Tablero
show-split = Lado a lado
split-none = Elija un ticket de la lista
split-none-about = Se abre aquí y la lista sigue en su lugar.
board-empty = Ningún ticket
board-move = Mover { $ticket } a otra columna
board-move-to = Mover a…
board-move-now = Mover
board-refused = Este ticket no puede ir a esta columna ahora.
bulk = Acciones en varios tickets
bulk-chosen = { $count ->
    [one] 1 seleccionado
   *[other] { $count } seleccionados
 }
bulk-chosen-some = Con los seleccionados:
bulk-choose = Seleccionar { $ticket }
bulk-choose-all = Seleccionar todos los de esta página
bulk-clear = Quitar la selección
bulk-assign = Asignar
bulk-queue = Cambiar cola
bulk-priority = Cambiar prioridad
bulk-solution-hint = El mismo texto va a todos; cada solicitante lo lee.
bulk-set-assignee = Responsable
bulk-set-queue = Cola
bulk-set-priority = Prioridad
bulk-ticket = Tickets
bulk-did-take = { $count ->
    [one] 1 ticket tomado
   *[other] { $count } tickets tomados
 }
bulk-did-assign = { $count ->
    [one] 1 ticket asignado
   *[other] { $count } tickets asignados
 }
bulk-did-queue = { $count ->
    [one] 1 ticket cambió de cola
   *[other] { $count } tickets cambiaron de cola
 }
bulk-did-priority = { $count ->
    [one] 1 ticket cambió de prioridad
   *[other] { $count } tickets cambiaron de prioridad
 }
bulk-did-wait = { $count ->
    [one] 1 ticket en espera
   *[other] { $count } tickets en espera
 }
bulk-did-resume = { $count ->
    [one] 1 ticket retomado
   *[other] { $count } tickets retomados
 }
bulk-did-resolve = { $count ->
    [one] 1 ticket resuelto
   *[other] { $count } tickets resueltos
 }
bulk-undone = { $count ->
    [0] No se deshizo nada
    [one] Deshecho: 1 ticket está como antes
   *[other] Deshecho: { $count } tickets están como antes
 }
bulk-nothing = Ningún ticket cambió
bulk-refused = { $count ->
    [one] 1 ticket quedó como estaba
   *[other] { $count } tickets quedaron como estaban
 }
bulk-gone = Este ticket ya no existe.
undo = Deshacer
conflict-undo = Ya no se puede deshacer: pasaron más de 10 minutos, o ya se deshizo.
problem-choose-tickets = Elija al menos un ticket.
problem-too-many-tickets = Elija como máximo 100 tickets a la vez.
permission-view-share = Compartir vistas con el equipo
problem-too-many-views = Ya tiene 40 vistas; elimine una primero.
flash-ticket-handed-on = Ticket derivado. Ahora está fuera de sus límites y ya no se le muestra.
problem-out-of-reach = Esta persona no atiende la cola o la empresa de este ticket.
