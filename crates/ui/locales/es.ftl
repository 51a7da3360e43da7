skip = Ir al contenido
home = Balcão, inicio
nav-main = Principal
footer = Balcão · mesa de servicios
licences = Licencias de terceros
account-of = Cuenta de { $name }
sign-out = Salir
close = Cerrar
optional = (opcional)
theme = Tema
theme-light = Tema claro
theme-dark = Tema oscuro
theme-auto = Tema del sistema
role-client = Solicitante
role-tech = Técnico
role-supervisor = Supervisor
role-admin = Administrador
role-system = Sistema
back = Volver
save = Guardar
cancel = Cancelar
confirm = Confirmar
edit = Editar
add = Agregar
remove = Quitar
search = Buscar
all = Todos
none = Ninguno
yes = Sí
no = No
actions = Acciones
active = Activo
archived = Archivado
archive = Archivar
restore = Reactivar
previous = Anterior
next = Siguiente
back-newest = Volver a los más recientes
back-start = Volver al inicio de la lista
page-of = Página { $page } de { $pages }
page-of-many = Página { $page } de más de { $pages }
pages = Páginas
keys-title = Atajos de teclado
keys-next = Siguiente de la lista
keys-previous = Anterior de la lista
keys-open = Abrir
keys-new = Nuevo ticket
keys-take = Tomar
keys-reply = Responder
keys-note = Nota interna
keys-resolve = Resolver
keys-send = Enviar el texto
ago-now = ahora
ago-minutes = hace { $count } min
ago-hours = hace { $count } h
ago-days = { $count ->
    [one] hace 1 día
   *[other] hace { $count } días
 }
ago-months = { $count ->
    [one] hace 1 mes
   *[other] hace { $count } meses
 }
ago-years = { $count ->
    [one] hace 1 año
   *[other] hace { $count } años
 }
form-problems = { $count ->
    [one] Un campo necesita corrección:
   *[other] { $count } campos necesitan corrección:
 }
problem-required = Complete este campo.
problem-too-long = Use como máximo { $limit } caracteres.
problem-too-short = Use al menos { $limit } caracteres.
problem-unknown = Elija una opción de la lista.
problem-email = Indique un correo válido.
problem-taken = Ya existe un registro con este valor.
problem-shape = El cuerpo de la solicitud no tiene el formato esperado.
problem-query = Los parámetros de la dirección no tienen el formato esperado.
problem-date = Indique la fecha como aaaa-mm-dd.
problem-file-empty = El archivo { $about } está vacío.
problem-file-kind = El archivo { $about } no es de un tipo aceptado.
problem-file-lies = El contenido de { $about } no corresponde al nombre del archivo.
problem-file-too-large = El archivo { $about } supera los { $limit } MB.
problem-too-many-files = Envíe como máximo { $limit } archivos por vez.
problem-cursor = Esta posición de la lista no existe.
refused-role = Su perfil no permite esta acción.
refused-csrf = El formulario venció o vino de otro sitio. Vuelva, recargue la página y envíelo de nuevo.
bad-json = El cuerpo de la solicitud no es JSON válido.
bad-multipart = El envío de archivos llegó incompleto.
error-400 = No entendimos la solicitud
error-403 = Sin permiso
error-404 = No encontramos esta página
error-405 = Esta página no acepta esta acción
error-409 = El estado cambió
error-413 = El envío es demasiado grande
error-415 = Formato no aceptado
error-422 = Hay algo que corregir
error-429 = Demasiados intentos
error-500 = Algo falló de nuestro lado
error-503 = Volvemos en instantes
error-400-about = El pedido llegó incompleto o con un formato que no conocemos.
error-403-about = Si necesita este acceso, hable con quien administra la mesa.
error-404-about = La dirección puede estar mal, o el elemento no existe o no es visible para usted.
error-405-about = Vuelva y use los botones de la página.
error-409-about = Alguien cambió este elemento antes que usted. Recargue para ver cómo está ahora.
error-413-about = Cada archivo y el envío entero tienen un límite de tamaño. Envíe menos por vez.
error-415-about = Esta dirección no acepta el formato enviado.
error-422-about = Vuelva y revise los campos.
error-429-about = Espere un poco antes de intentar de nuevo.
error-500-about = El error quedó registrado. Intente de nuevo en instantes; si continúa, avise al equipo.
error-503-about = La base de datos no respondió. Suele tardar menos de un minuto.
error-kept = No se perdió nada de lo que ya estaba guardado, y el texto no enviado quedó en este navegador.
error-code = Error { $code }
error-retry = Intentar de nuevo
error-home = Ir al inicio
error-request = Al hablar con soporte, indique el código
unauthorized = Ingrese para continuar.
limit-cut = El texto pegado superó el límite de %n caracteres y fue cortado.
limit-left = Quedan %n caracteres.
live-list = Lista actualizada automáticamente.
live-one = Ticket actualizado.
offline = Sin conexión: lo que escribe queda guardado.

search-title = Búsqueda
search-about = Tickets, empresas y personas: por palabra, nombre, protocolo, teléfono, CPF o CNPJ.
search-about-own = Sus tickets: por palabra o protocolo.
search-words = Qué buscar
search-nothing = Ningún resultado
search-nothing-about = Revise la escritura o use menos palabras. Se perdona un error de tecleo.
search-preparing = La búsqueda se está preparando: puede haber más.
search-kind-ticket = Tickets
search-kind-company = Empresas
search-kind-person = Personas
search-all = Ver los { $count } tickets
