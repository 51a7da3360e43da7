landing-title = ¿Necesitas ayuda? Abre un ticket.
landing-lead = Cuenta qué ocurre y sigue en una sola página quién lo atiende, qué se ha hecho y qué falta.
landing-how = Cómo funciona
landing-how-1 = Abres el ticket con un título, la descripción y, si ayuda, una foto.
landing-how-2 = Un técnico lo toma y conversa contigo en la misma página.
landing-how-3 = Confirmas la solución, o lo reabres si no sirvió.
landing-point-1 = Siempre al tanto
landing-point-1-about = Estado, responsable e historial completos, sin llamar para preguntar.
landing-point-2 = Solo lo ve quien debe
landing-point-2-about = Cada persona ve únicamente sus propios tickets y archivos.
landing-point-3 = En cualquier pantalla
landing-point-3-about = Las mismas páginas en la computadora y en el teléfono.
api-title = API
api-lead = Las mismas reglas de las páginas, en JSON. Entra en /api/v1/auth/login y envía el token como Authorization: Bearer.
api-contract = Contrato en OpenAPI 3
api-parameters = Parámetros
api-body = Cuerpo
api-answers = Respuestas
api-required = obligatorio
api-group-auth = Entrar
api-group-users = Usuarios
api-group-tickets = Tickets
api-group-comments = Mensajes
api-group-attachments = Archivos
api-group-timeline = Línea de tiempo
api-answer-200 = Hecho
api-answer-201 = Creado
api-answer-400 = Cuerpo o estado que no sirve
api-answer-401 = Sin token válido
api-answer-403 = El perfil no lo permite
api-answer-404 = No existe o no es visible
api-answer-409 = Cambió mientras tanto
api-answer-413 = Demasiado grande
api-answer-415 = Formato no aceptado
api-answer-422 = Campos por corregir
api-answer-429 = Demasiados intentos
bad-request = La solicitud llegó incompleta.
bad-state = El ticket no está en el estado que esta acción exige.
problem-limit = Indica un número del 1 al 100.
wait-seconds = { $count ->
    [one] Espere un segundo antes de intentar de nuevo.
   *[other] Espere { $count } segundos antes de intentar de nuevo.
}
wait-minutes = { $count ->
    [one] Espere un minuto antes de intentar de nuevo.
   *[other] Espere { $count } minutos antes de intentar de nuevo.
}
