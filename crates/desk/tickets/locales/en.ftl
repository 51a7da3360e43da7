dashboard = Dashboard
dashboard-about = What needs you now.
dashboard-help = How can we help?
dashboard-mine = My tickets
dashboard-mine-none = No tickets with you
dashboard-mine-hint = The tickets you take appear here.
dashboard-waiting = Waiting for a technician
dashboard-waiting-none = Nobody is waiting
dashboard-waiting-hint = New and escalated tickets without an assignee appear here.
dashboard-own = Your open tickets
dashboard-own-none = No open tickets
dashboard-own-hint = When you open a ticket, its progress appears here.
hello = Hello, { $name }
see-all = See all
ticket = Ticket
tickets = Tickets
tickets-own = My tickets
tickets-own-about = What you asked for and how it is going.
tickets-none = No tickets found
tickets-none-filtered = Nothing matches these filters.
tickets-none-view = There are no tickets in this view right now.
tickets-none-own = When you open a ticket, it appears here.
ticket-new = New ticket
ticket-new-about = A title and a description are enough. The team fills in the rest.
ticket-open = Open ticket
ticket-open-about = Say what is happening; a technician answers here.
ticket-edit = Edit ticket
ticket-edit-about = Every change goes into the history with your name.
ticket-for-whom = For whom
ticket-for-whom-hint = Fill in at least one: requester, company or customer's name.
ticket-routing = Routing
ticket-more = More details
ticket-more-hint = category, queue and priority
ticket-with = With { $name }
ticket-in-queue = In the queue, no assignee yet
ticket-unassigned = Nobody has this ticket.
ticket-who = Who is on it
ticket-data = Ticket data
ticket-data-jump = Actions and data
ticket-progress = Progress
ticket-confirm = Close: confirm the solution
ticket-not-solved = It did not help
ticket-related = Open a related ticket
ticket-is-closed = This ticket is closed
ticket-is-closed-about = A closed ticket takes no messages or files.
ticket-elsewhere = Another technician is on it
ticket-elsewhere-about = To take part, ask the assignee or a supervisor for an invitation.
views = Views
view-active = Open
view-mine = Mine
view-unassigned = Unassigned
view-working = Being worked on
view-waiting = Waiting
view-escalated = Escalated
view-resolved = Resolved
view-all = All
block-unassigned = Unassigned
block-working = Being worked on
company-missing = No company
filters = Filters
filters-apply = Filter
filters-set = Active filters
filters-clear = Clear filters
filter-remove = Remove filter { $filter }
show-as = Display
show-list = List
show-cards = Cards
choose = Choose
nobody = Nobody
me = Me
requester-none = No account
queue-choose = The team chooses
queue-next = Next level
queue-or-sector = Department / Queue
queue-target = Destination queue
subcategory-none = None
keep-current = Keep the current one
field-title = Title
field-description = Description
field-status = Status
field-queue = Queue
field-category = Category
field-subcategory = Subcategory
field-assignee = Assignee
field-priority = Priority
field-company = Company
field-requester = Requester
field-channel = Channel
field-contact-name = Customer's name
field-contact-info = Contact
field-content = Message
field-participant = Invited technician
field-from = From
field-to = To
contact-name-hint = For somebody without an account.
contact-info-hint = Phone, e-mail or extension.
title-hint = In a few words: what happens and where.
description-hint = Since when, who is affected, what has been tried.
status-first = Initial status
status-open = Open
status-in_progress = In progress
status-waiting = Waiting
status-scheduled = Scheduled
status-escalated = Escalated
status-resolved = Resolved
status-closed = Closed
status-new = New
status-attending = Being worked on
status-pending = Pending
priority-low = Low
priority-normal = Normal
priority-high = High
priority-critical = Critical
classification-hardware = Hardware
classification-software = Software
classification-network = Network
classification-access = Access
classification-user-error = User error
classification-third-party = Third party
classification-other = Other
step-opened = Opened
step-working = In progress
step-resolved = Resolved
step-closed = Closed
protocol = Ticket number
created = Created
updated = Updated
resolved = Resolved
closed = Closed
details = Details
solution = Solution
solution-before = Earlier solution, before it was reopened
solution-hint = The requester reads this text.
closing = Closing
reason = Reason
classification = Classification
evaluation = Technical evaluation
evaluation-hint = Only the team sees it.
evaluation-pending = Evaluation pending
close-reason-hint = Why the ticket ends here. Only the team sees it.
escalate-reason-hint = What has been tried. Only the team sees it.
wait-hint = The ticket waits for the customer or a third party. When the requester replies, work goes on.
resume-hint = Work goes on from where it stopped.
reopen-hint = The ticket goes back to work.
take = Take
reopen = Reopen
act-resolve = Resolve
act-wait = Wait
act-resume = Resume
act-transfer = Transfer
act-assign = Assign
act-escalate = Escalate
act-queue = Change queue
act-priority = Change priority
act-close = Close
act-reopen = Reopen
act-now-resolve = Resolve ticket
act-now-wait = Put on hold
act-now-resume = Resume work
act-now-transfer = Transfer ticket
act-now-assign = Assign ticket
act-now-escalate = Escalate ticket
act-now-queue = Save queue
act-now-priority = Save priority
act-now-close = Close ticket
act-now-reopen = Reopen ticket
team = Team on the ticket
participant-invite = Invite a technician
participant-remove = Remove { $name }
talk = Conversation
talk-show = Show
talk-earlier = Show earlier ones
talk-newest = Back to the newest
presence-looking = { $count ->
    [1] { $name } is looking
    [2] { $name } and { $second } are looking
   *[other] { $name } and { $more } others are looking
}
presence-writing = { $count ->
    [1] { $name } is writing a reply
    [2] { $name } and { $second } are writing replies
   *[other] { $name } and { $more } others are writing replies
}
kind-staff = Technician
kind-client = Customer
kind-system = System
internal = Internal
message = Message
message-of = Message from { $name }
note-of = Internal note from { $name }
message-retracted = Message retracted
message-retracted-of = Retracted message from { $name }
retract = Retract
retract-confirm = Retract this message? Its text disappears for everybody and its files are deleted.
composer = Write on the ticket
composer-kind = Kind
reply = Reply
reply-to = Reply to { $name }
reply-write = Write the reply
reply-to-desk = Write to the team
note = Internal note
note-placeholder = Only the team sees this note
note-visible = Only the team sees it. The requester is not notified.
send = Send
send-and-set = Send and set to
send-and-keep = No change
draft-restored = Draft restored.
draft-discard = Discard
files = Files
files-hint = Images, PDF, text, spreadsheets and documents, up to { $count } MB each. You can also drag or paste them here.
files-attach = Attach files (up to { $count } MB each)
files-chosen = Chosen files
files-again = The browser does not keep the files of a refused form: choose them again.
file-get = Download { $name }
file-view = View { $name }
file-too-big = is larger than the limit of
file-too-many = File limit:
file-pasted = screenshot
form-refused = Nothing was sent yet
event-created = opened the ticket
event-assigned = assigned the ticket to { $who }
event-taken = took the ticket
event-assigned-auto = began to work on the ticket
event-transferred = transferred the ticket to { $who }
event-unassigned = took { $who } off the ticket
event-status-changed = changed the status from { $from } to { $to }
event-escalated = escalated the ticket from { $old } to { $new }: { $reason }
event-escalated-plain = escalated the ticket to { $new }
event-resolved = resolved the ticket
event-closed = closed the ticket
event-confirmed = confirmed the solution and closed the ticket
event-reopened = reopened the ticket
event-queue-changed = changed the queue from { $old } to { $new }
event-priority-changed = changed the priority from { $old } to { $new }
event-category-changed = changed the category from { $old } to { $new }
event-edited = corrected the ticket: { $fields }
event-retracted = retracted a message
event-participant-added = invited { $who } to the ticket
event-participant-removed = took { $who } off the ticket's team
conflict-closed = This ticket is closed and takes no changes.
conflict-state = The ticket is no longer in the state that this action needs.
conflict-stale = The ticket was changed by somebody else while you were editing it.
conflict-too-late-to-retract = The 10 minutes in which this message could be retracted are over.
conflict-kept = Nothing was sent; your text is kept below. Check how things stand now and send it again.
conflict-kept-text = The text that was not sent
conflict-look = Nothing was changed. Check how the ticket stands now.
conflict-see = See the ticket as it is now
refused-other-technician = Another technician is working on this ticket.
problem-somebody = Give the requester, the company or the customer's name.
problem-same-assignee = This person has the ticket already.
problem-already-there = This person is on the ticket already.
problem-no-level-above = There is no queue of a higher level. Choose the destination queue.
problem-company-inactive = This company is archived and takes no new tickets.
flash-ticket-opened = Ticket opened.
flash-comment-sent = Message sent.
flash-ticket-assigned = Assignee set.
flash-ticket-saved = Ticket updated.
flash-ticket-escalated = Ticket escalated.
flash-ticket-resolved = Ticket resolved.
flash-ticket-closed = Ticket closed.
flash-ticket-reopened = Ticket reopened.
flash-participant-added = Technician invited.
flash-participant-removed = Technician taken off the team.
flash-comment-retracted = Message retracted.
permission-ticket-open = Open tickets
permission-ticket-see = See tickets: requesters their own, the team those that their limits leave
permission-ticket-comment = Write on the tickets one sees
permission-ticket-close = Close and reopen tickets
permission-ticket-work = Work on tickets: take, wait, resolve, escalate, transfer
permission-ticket-assign = Say who works on a ticket
permission-ticket-edit = Correct a ticket's text and data
search-found = { $count ->
    [one] Found in 1 ticket.
   *[other] Found in { $count } tickets.
}
views-saved = Saved views
view-shared = Shared
view-name = Name of the view
view-share = Share with the whole team
view-save = Save view
view-create = Save as a new view
view-update = Update this view
view-remove = Delete this view
view-remove-sure = Delete the view “{ $name }”? The tickets stay as they are.
flash-view-saved = View saved
flash-view-removed = View deleted
problem-view-too-long = There are too many filters for one view.
show-board = Board
show-split = Side by side
split-none = Choose a ticket in the list
split-none-about = It opens here, and the list stays in place.
board-empty = No tickets
board-move = Move { $ticket } to another column
board-move-to = Move to…
board-move-now = Move
board-refused = This ticket cannot go to this column now.
bulk = Actions on several tickets
bulk-chosen = { $count ->
    [one] 1 selected
   *[other] { $count } selected
 }
bulk-chosen-some = With the selected:
bulk-choose = Select { $ticket }
bulk-choose-all = Select all on this page
bulk-clear = Clear selection
bulk-assign = Assign
bulk-queue = Change queue
bulk-priority = Change priority
bulk-solution-hint = The same text goes to all; each requester reads it.
bulk-set-assignee = Assignee
bulk-set-queue = Queue
bulk-set-priority = Priority
bulk-ticket = Tickets
bulk-did-take = { $count ->
    [one] 1 ticket taken
   *[other] { $count } tickets taken
 }
bulk-did-assign = { $count ->
    [one] 1 ticket assigned
   *[other] { $count } tickets assigned
 }
bulk-did-queue = { $count ->
    [one] 1 ticket moved to another queue
   *[other] { $count } tickets moved to another queue
 }
bulk-did-priority = { $count ->
    [one] Priority of 1 ticket changed
   *[other] Priority of { $count } tickets changed
 }
bulk-did-wait = { $count ->
    [one] 1 ticket set to waiting
   *[other] { $count } tickets set to waiting
 }
bulk-did-resume = { $count ->
    [one] 1 ticket resumed
   *[other] { $count } tickets resumed
 }
bulk-did-resolve = { $count ->
    [one] 1 ticket resolved
   *[other] { $count } tickets resolved
 }
bulk-undone = { $count ->
    [0] Nothing was undone
    [one] Undone: 1 ticket is as before
   *[other] Undone: { $count } tickets are as before
 }
bulk-nothing = No ticket changed
bulk-refused = { $count ->
    [one] 1 ticket was left as it was
   *[other] { $count } tickets were left as they were
 }
bulk-gone = This ticket does not exist any more.
undo = Undo
conflict-undo = This can no longer be undone: more than 10 minutes have passed, or it is undone already.
problem-choose-tickets = Choose at least one ticket.
problem-too-many-tickets = Choose at most 100 tickets at once.
permission-view-share = Share views with the team
problem-too-many-views = You have 40 views already; delete one first.
flash-ticket-handed-on = Ticket handed on. It is now outside your limits and no longer shown to you.
problem-out-of-reach = This person does not work on the queue or company of this ticket.
