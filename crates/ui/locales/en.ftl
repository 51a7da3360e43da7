skip = Skip to content
home = Balcão, home
nav-main = Main
footer = Balcão · service desk
licences = Third-party licences
account-of = Account of { $name }
sign-out = Sign out
close = Close
optional = (optional)
theme = Theme
theme-light = Light theme
theme-dark = Dark theme
theme-auto = System theme
role-client = Requester
role-tech = Technician
role-supervisor = Supervisor
role-admin = Administrator
role-system = System
back = Back
save = Save
cancel = Cancel
confirm = Confirm
edit = Edit
add = Add
remove = Remove
search = Search
all = All
none = None
yes = Yes
no = No
actions = Actions
active = Active
archived = Archived
archive = Archive
restore = Restore
previous = Previous
next = Next
back-newest = Back to the newest
back-start = Back to the start of the list
page-of = Page { $page } of { $pages }
page-of-many = Page { $page } of more than { $pages }
pages = Pages
keys-title = Keyboard shortcuts
keys-next = Next in the list
keys-previous = Previous in the list
keys-open = Open
keys-new = New ticket
keys-take = Take
keys-reply = Reply
keys-note = Internal note
keys-resolve = Resolve
keys-send = Send the text
ago-now = now
ago-minutes = { $count } min ago
ago-hours = { $count } h ago
ago-days = { $count ->
    [one] 1 day ago
   *[other] { $count } days ago
 }
ago-months = { $count ->
    [one] 1 month ago
   *[other] { $count } months ago
 }
ago-years = { $count ->
    [one] 1 year ago
   *[other] { $count } years ago
 }
form-problems = { $count ->
    [one] One field needs to be corrected:
   *[other] { $count } fields need to be corrected:
 }
problem-required = Fill in this field.
problem-too-long = Use at most { $limit } characters.
problem-too-short = Use at least { $limit } characters.
problem-unknown = Choose an option from the list.
problem-email = Enter a valid e-mail address.
problem-taken = There is already an entry with this value.
problem-shape = The request's body does not have the expected shape.
problem-query = The address's parameters do not have the expected shape.
problem-date = Enter the date as yyyy-mm-dd.
problem-file-empty = The file { $about } is empty.
problem-file-kind = The file { $about } is not of an accepted type.
problem-file-lies = What is in { $about } does not match the file's name.
problem-file-too-large = The file { $about } is larger than { $limit } MB.
problem-too-many-files = Send at most { $limit } files at a time.
problem-cursor = There is no such place in the list.
refused-role = Your role does not allow this.
refused-csrf = The form has expired or came from another site. Go back, reload the page and send it again.
bad-json = The request's body is not valid JSON.
bad-multipart = The files did not arrive completely.
error-400 = We did not understand the request
error-403 = Not allowed
error-404 = We did not find this page
error-405 = This page does not take this action
error-409 = Things have changed
error-413 = That is too large
error-415 = Format not accepted
error-422 = Something needs to be corrected
error-429 = Too many attempts
error-500 = Something failed on our side
error-503 = We will be right back
error-400-about = The request arrived incomplete or in a format that we do not know.
error-403-about = If you need this access, talk to whoever administers the desk.
error-404-about = The address may be wrong, or the item does not exist or is not visible to you.
error-405-about = Go back and use the page's buttons.
error-409-about = Somebody changed this item before you did. Reload to see how it is now.
error-413-about = Each file and the whole form have a size limit. Send less at a time.
error-415-about = This address does not take the format that was sent.
error-422-about = Go back and check the fields.
error-429-about = Wait a little before you try again.
error-500-about = The error was recorded. Try again in a moment; if it goes on, tell the team.
error-503-about = The database did not answer. This usually takes less than a minute.
error-kept = Nothing that was saved has been lost, and the text that was not sent is kept in this browser.
error-code = Error { $code }
error-retry = Try again
error-home = Go to the start
error-request = When you talk to support, give the code
unauthorized = Sign in to go on.
limit-cut = The pasted text went over the limit of %n characters and was cut.
limit-left = %n characters left.
live-list = List updated automatically.
live-one = Ticket updated.
offline = No connection: what you write is kept.

search-title = Search
search-about = Tickets, companies and people: by word, name, protocol, telephone, CPF or CNPJ.
search-about-own = Your tickets: by word or protocol.
search-words = What to look for
search-nothing = No results
search-nothing-about = Check the spelling, or use fewer words. One typing error is forgiven.
search-preparing = The search is being prepared: there may be more.
search-kind-ticket = Tickets
search-kind-company = Companies
search-kind-person = People
search-all = See all { $count } tickets
