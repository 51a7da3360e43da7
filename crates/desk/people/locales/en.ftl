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
search-clear = Clear the search
users-none-about = No name and no e-mail matches the search.
users-order = Newest first
since = Since
user-new = New user
user-company-hint = Only for requesters. Nobody of the team belongs to one.
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
preferences = Preferences
preferences-about = They apply in all your browsers.
density = Density
density-comfortable = Comfortable
density-about-comfortable = More room between lines
density-compact = Compact
density-about-compact = More tickets on one screen
language = Language
language-auto = The browser’s
zone = Time zone
zone-now = For you it is { $time } now.
zone-hint = For the times that you see and the days in filters. Empty: the desk’s, { $zone }.
zone-browser = Your browser is in
zone-take = Use this zone
problem-zone = There is no such time zone. Choose one from the list, such as America/Manaus.
keys-on = Single-key shortcuts
keys-on-hint = For example “a” takes the ticket. Turn them off if you use your voice or press keys by accident. Ctrl+K always works.
flash-preferences-saved = Preferences saved
forgot-link = I forgot my password
register-link = Create an account
conflict-unconfirmed = Confirm your e-mail to sign in: the link is in your mailbox.
confirm-again = Send the link again
invite = Invite
letter-changed-email-subject = The e-mail address of your account was changed
letter-changed-email-text = Hello, { $name }. Your account has another e-mail address now. You can no longer sign in with this one.
letter-changed-email-note = If it was not you who asked for it, tell whoever administers the desk now.
letter-changed-password-subject = Your password was changed
letter-changed-password-text = Hello, { $name }. The password of your account was changed, and your other sessions were ended.
letter-changed-password-button = It was not me: choose another password
letter-changed-password-note = If it was you, there is nothing to do.
problem-sign-in-again = To confirm that it is you, sign out and in again. That holds for 10 minutes.
company-archived = { $name } (archived)
role-new = New role
role-about = A set of permissions with a name. Whoever gets it remains a technician or supervisor; only what they may do changes.
role-base = Begins from
role-base-stays = It does not change once the role exists.
role-permissions = Permissions
permissions = Permissions
role-permissions-hint = Only those that technicians or supervisors have are shown. What is for administrators alone, such as keeping accounts, nobody gets by a role.
role-always = Always. How much one sees is said by each person’s limits.
role-active-hint = An archived role cannot be given to anybody.
problem-role-in-use = { $limit ->
    [one] One person has this role. Give them another one first.
   *[other] { $limit } people have this role. Give them another one first.
 }
problem-too-many-roles = There are too many roles already. Change one of those there are.
user-limits = Limits
user-limits-none = Works on all queues and companies.
user-limits-queues = { $count ->
    [one] 1 queue
   *[other] { $count } queues
 }
user-limits-companies = { $count ->
    [one] 1 company
   *[other] { $count } companies
 }
user-limits-change = Change limits
conflict-not-limited = Only technicians and supervisors have limits. Requesters see their own tickets; administrators see everything.
refused-limits = Your access is limited to some queues or companies. Ask an administrator.
confirm-first = Have you just registered? Confirm your e-mail address first: the link is in your mailbox.
user-limited = Limited
