//! Work does not lie with somebody who left, or who may not see it any more (section Q).

use crate::limited::limit;
use crate::support::{Browser, Kind, TestDesk, on_each};

on_each!(
    whoever_is_limited_lets_go_of_what_lies_outside,
    whoever_leaves_or_changes_sides_lets_go_of_their_work,
    what_is_solved_stays_with_whoever_solved_it_until_it_is_taken_up_again,
);

const TEO: &str = "Téo Técnico";

/// A ticket that Téo works on.
async fn his(client: &mut Browser, tech: &mut Browser, queue: &str) -> String {
    let ticket = client.open(&[("queue", queue)]).await;
    tech.act(&ticket, "assign", &[]).await.expect(302);
    ticket
}

/// What the administrator's form says of Téo.
async fn account(desk: &TestDesk, admin: &mut Browser, role: &str, active: bool) {
    let path = format!("/admin/users/{}", desk.id("tec@desk.test").await);
    let mut fields = vec![("name", TEO), ("email", "tec@desk.test"), ("role", role)];
    if active {
        fields.push(("active", "on"));
    }
    admin.submit(&path, &fields).await.expect(302);
    desk.settle().await;
}

async fn whoever_is_limited_lets_go_of_what_lies_outside(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let n1 = desk.queue("Suporte N1").await;
    let n2 = desk.queue("Suporte N2").await;
    let inside = his(&mut cast.client, &mut cast.tech, &n1).await;
    let outside = his(&mut cast.client, &mut cast.tech, &n2).await;
    let waits = his(&mut cast.client, &mut cast.tech, &n2).await;
    cast.tech.act(&waits, "wait", &[]).await.expect(302);
    limit(&desk, &mut cast.admin, "tec@desk.test", &[&n1], &[])
        .await
        .expect(302);
    desk.settle().await;
    let list = cast.supervisor.get("/tickets?view=unassigned").await;
    assert!(list.shows(&outside) && list.shows(&waits) && !list.shows(&inside));
    let page = cast.supervisor.ticket(&outside).await.expect(200);
    assert!(page.shows("retirou Téo Técnico do chamado"));
    let mut api = cast.supervisor.api("sup@desk.test").await;
    for (ticket, status) in [
        (&inside, "in_progress"),
        (&outside, "open"),
        (&waits, "waiting"),
    ] {
        let found = api.get(&format!("/api/v1/tickets/{ticket}")).await;
        assert_eq!(found.json()["status"], status, "{ticket}");
    }
    // Once it has let go, nothing is left to do.
    let before = api.get(&format!("/api/v1/tickets/{inside}")).await.json();
    limit(&desk, &mut cast.admin, "tec@desk.test", &[], &[])
        .await
        .expect(302);
    desk.settle().await;
    let after = api.get(&format!("/api/v1/tickets/{inside}")).await.json();
    assert_eq!(before, after);
}

async fn whoever_leaves_or_changes_sides_lets_go_of_their_work(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let n1 = desk.queue("Suporte N1").await;
    for (role, active) in [("tech", false), ("client", true)] {
        account(&desk, &mut cast.admin, "tech", true).await;
        let mut tech = desk.sign_in("tec@desk.test").await;
        let ticket = his(&mut cast.client, &mut tech, &n1).await;
        // A technician who becomes a supervisor keeps what they work on.
        account(&desk, &mut cast.admin, "supervisor", true).await;
        let list = cast.supervisor.get("/tickets?view=unassigned").await;
        assert!(!list.shows(&ticket), "{role}");
        account(&desk, &mut cast.admin, role, active).await;
        let list = cast.supervisor.get("/tickets?view=unassigned").await;
        assert!(list.shows(&ticket), "{role}");
    }
}

async fn what_is_solved_stays_with_whoever_solved_it_until_it_is_taken_up_again(kind: Kind) {
    let desk = TestDesk::new(kind).await;
    let mut cast = desk.cast().await;
    let n1 = desk.queue("Suporte N1").await;
    let n2 = desk.queue("Suporte N2").await;
    limit(&desk, &mut cast.admin, "tec@desk.test", &[&n1], &[])
        .await
        .expect(302);
    let ticket = his(&mut cast.client, &mut cast.tech, &n1).await;
    let solution = [("solution", "Trocada a cadeira.")];
    let answer = cast.tech.act(&ticket, "resolve", &solution).await;
    answer.expect(302);
    let to = [("queue", n2.as_str())];
    let answer = cast.supervisor.act(&ticket, "queue", &to).await;
    answer.expect(302);
    account(&desk, &mut cast.admin, "tech", false).await;
    let page = cast.supervisor.ticket(&ticket).await.expect(200);
    assert!(!page.shows("retirou Téo Técnico do chamado"));
    cast.client.act(&ticket, "reopen", &[]).await.expect(302);
    let page = cast.supervisor.ticket(&ticket).await.expect(200);
    assert!(page.shows("retirou Téo Técnico do chamado"));
    let list = cast.supervisor.get("/tickets?view=unassigned").await;
    assert!(list.shows(&ticket));
}
