sign-in = Ingresar
sign-in-lead = Use el correo registrado en la mesa.
credentials = Credenciales inválidas. Revise el correo y la contraseña.
locked = { $count ->
    [one] Demasiados intentos. La cuenta queda bloqueada por 1 minuto más.
   *[other] Demasiados intentos. La cuenta queda bloqueada por { $count } minutos más.
 }
password = Contraseña
password-new = Nueva contraseña
password-hint = Al menos 8 caracteres.
password-keep-hint = Deje en blanco para mantener la actual. Cambiarla cierra las sesiones abiertas.
setup = Primer acceso
setup-lead = Cree la cuenta de quien administra la mesa. Este enlace vale una vez.
setup-create = Crear e ingresar
name = Nombre
role = Perfil
company = Empresa
company-none = Ninguna
admin-about = Lo que se ajusta una vez y después se olvida.
users = Usuarios
users-about = Quién entra en la mesa, con qué perfil y por qué empresa.
users-search = Nombre o correo
users-none = No se encontró a nadie
search-clear = Borrar la búsqueda
users-none-about = Ningún nombre ni correo coincide con la búsqueda.
users-order = Más recientes primero
since = Desde
user-new = Nuevo usuario
user-company-hint = Solo para solicitantes. Quien es del equipo no pertenece a ninguna.
user-active-hint = Quien está archivado no entra y sus sesiones se cierran.
roles = Perfiles y permisos
roles-about = Lo que cada perfil puede hacer. La misma tabla protege cada página y cada llamada de la API.
permission = Permiso
permission-admin-open = Abrir la administración
permission-user-manage = Registrar y modificar usuarios
problem-credentials = Credenciales inválidas. Revise el correo y la contraseña.
conflict-own-account = No puede degradar ni archivar su propia cuenta.
conflict-last-admin = Este es el último administrador. Promueva antes a otra persona.
bad-email-taken = Ya existe una cuenta con este correo.
preferences = Preferencias
preferences-about = Valen en todos sus navegadores.
density = Densidad
density-comfortable = Cómoda
density-about-comfortable = Más espacio entre las líneas
density-compact = Compacta
density-about-compact = Más tickets en la misma pantalla
language = Idioma
language-auto = El del navegador
zone = Zona horaria
zone-now = Para usted son las { $time } ahora.
zone-hint = Vale para las horas que ve y para los días de los filtros. Vacía: la de la mesa, { $zone }.
zone-browser = Su navegador está en
zone-take = Usar esta zona
problem-zone = Esta zona horaria no existe. Elija una de la lista, como America/Manaus.
keys-on = Atajos de una tecla
keys-on-hint = Por ejemplo, “a” toma el ticket. Desactívelos si usa la voz o pulsa teclas sin querer. Ctrl+K funciona siempre.
flash-preferences-saved = Preferencias guardadas
forgot-link = Olvidé mi contraseña
register-link = Crear cuenta
conflict-unconfirmed = Confirme su correo para entrar: el enlace está en su buzón.
confirm-again = Enviar el enlace otra vez
invite = Invitar
letter-changed-email-subject = El correo de su cuenta ha cambiado
letter-changed-email-text = Hola, { $name }. Su cuenta tiene ahora otra dirección de correo. Esta ya no sirve para entrar.
letter-changed-email-note = Si no lo pidió usted, avise ahora a quien administra la central.
letter-changed-password-subject = Su contraseña ha cambiado
letter-changed-password-text = Hola, { $name }. La contraseña de su cuenta ha cambiado y se cerraron las demás sesiones.
letter-changed-password-button = No fui yo: crear otra contraseña
letter-changed-password-note = Si fue usted, no hace falta hacer nada.
problem-sign-in-again = Para confirmar que es usted, salga y vuelva a entrar. Vale durante 10 minutos.
company-archived = { $name } (archivada)
role-new = Nuevo perfil
role-about = Un conjunto de permisos con nombre propio. Quien lo recibe sigue siendo técnico o supervisor; solo cambia lo que puede hacer.
role-base = Parte de
role-base-stays = No cambia una vez que el perfil existe.
role-permissions = Permisos
permissions = Permisos
role-permissions-hint = Solo aparecen los que tienen técnicos o supervisores. Lo que es solo de administradores, como gestionar usuarios, nadie lo recibe por un perfil.
role-always = Siempre. Cuánto se ve lo dicen los límites de cada persona.
role-active-hint = Un perfil archivado no puede darse a nadie.
problem-role-in-use = { $limit ->
    [one] Una persona tiene este perfil. Dele otro antes.
   *[other] { $limit } personas tienen este perfil. Deles otro antes.
 }
problem-too-many-roles = Ya hay demasiados perfiles. Modifique uno de los que existen.
user-limits = Límites
user-limits-none = Atiende todas las colas y empresas.
user-limits-queues = { $count ->
    [one] 1 cola
   *[other] { $count } colas
 }
user-limits-companies = { $count ->
    [one] 1 empresa
   *[other] { $count } empresas
 }
user-limits-change = Cambiar límites
conflict-not-limited = Solo técnicos y supervisores tienen límites. Los solicitantes ven sus propios tickets; los administradores, todo.
refused-limits = Su acceso está limitado a algunas colas o empresas. Consulte a un administrador.
confirm-first = ¿Acaba de registrarse? Confirme antes su correo: el enlace está en su buzón.
user-limited = Con límites
