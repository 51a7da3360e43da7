sign-in = Sign in
sign-in-lead = Use the e-mail address that the desk has for you.
credentials = Invalid credentials. Check the e-mail and the password.
locked = { $count ->
    [one] Too many attempts. The account is locked for 1 more minute.
   *[other] Too many attempts. The account is locked for { $count } more minutes.
 }
password = Password
password-new = New password
password-hint = At least 8 characters.
password-keep-hint = Leave it empty to keep the current one. Changing it ends the open sessions.
setup = First access
setup-lead = Create the account of whoever administers the desk. This link works once.
setup-create = Create and sign in
name = Name
role = Role
company = Company
company-none = None
admin-about = What is set once and then forgotten.
users = Users
users-about = Who signs in to the desk, with which role and for which company.
users-search = Name or e-mail
users-none = Nobody found
user-new = New user
user-company-hint = For requesters only. The team serves every company.
user-active-hint = Whoever is archived cannot sign in, and their sessions are ended.
roles = Roles and permissions
roles-about = What each role may do. The same table guards every page and every call of the API.
permission = Permission
permission-admin-open = Open the administration
permission-user-manage = Add and change users
problem-credentials = Invalid credentials. Check the e-mail and the password.
conflict-own-account = You cannot demote or archive your own account.
conflict-last-admin = This is the last administrator. Promote somebody else first.
bad-email-taken = There is already an account with this e-mail.
