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
user-new = Nuevo usuario
user-company-hint = Solo para solicitantes. El equipo atiende a todas las empresas.
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
