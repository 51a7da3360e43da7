landing-title = Need help? Open a ticket.
landing-lead = Say what is happening and follow on a single page who is on it, what has been done and what is left.
landing-how = How it works
landing-how-1 = You open a ticket with a title, a description and, if it helps, a picture.
landing-how-2 = A technician takes it and talks with you on that same page.
landing-how-3 = You confirm the solution, or reopen it if it did not help.
landing-point-1 = Always informed
landing-point-1-about = Status, technician and full history, without calling to ask.
landing-point-2 = Seen only by those who should
landing-point-2-about = Each person sees only their own tickets and files.
landing-point-3 = On any screen
landing-point-3-about = The same pages on a computer and on a phone.
api-title = API
api-lead = The same rules as the pages, in JSON. Sign in at /api/v1/auth/login and send the token as Authorization: Bearer.
api-contract = Contract in OpenAPI 3
api-parameters = Parameters
api-body = Body
api-answers = Answers
api-required = required
api-group-auth = Sign in
api-group-users = Users
api-group-tickets = Tickets
api-group-comments = Messages
api-group-attachments = Files
api-group-timeline = Timeline
api-answer-200 = Done
api-answer-201 = Created
api-answer-400 = Not a body or a state that works
api-answer-401 = No valid token
api-answer-403 = Not allowed for the role
api-answer-404 = Does not exist or is not visible
api-answer-409 = Changed in the meantime
api-answer-413 = Too large
api-answer-415 = Format not accepted
api-answer-422 = Fields to correct
api-answer-429 = Too many attempts
bad-request = The request arrived incomplete.
bad-state = The ticket is not in the state that this action needs.
problem-limit = Give a number from 1 to 100.
wait-seconds = { $count ->
    [one] Wait a second before you try again.
   *[other] Wait { $count } seconds before you try again.
}
wait-minutes = { $count ->
    [one] Wait a minute before you try again.
   *[other] Wait { $count } minutes before you try again.
}
