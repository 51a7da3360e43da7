//! How often somebody may ask, before anything is done for them (S4-262): by the
//! address while they are nobody, by the account once they are known. Each process
//! counts for itself, in memory.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use axum::http::Method;
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};
use kit::{Clock, IpNet, UserId};

/// What is counted together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Trying a password.
    SignIn,
    /// Making an account.
    Register,
    /// Asking for a letter, or using the link in one.
    Forgot,
    /// Going to somebody who vouches for people, and coming back.
    Vouched,
    /// Showing a code or a password again that could be guessed.
    Code,
    /// The API, by the account.
    Api,
    /// The API, by nobody.
    ApiByNobody,
    /// Pages, by the account.
    Pages,
    /// Pages, by nobody.
    PagesByNobody,
}

impl Class {
    const ALL: [Class; 9] = [
        Class::SignIn,
        Class::Register,
        Class::Forgot,
        Class::Vouched,
        Class::Code,
        Class::Api,
        Class::ApiByNobody,
        Class::Pages,
        Class::PagesByNobody,
    ];

    /// So many times in so many seconds.
    #[must_use]
    pub fn most(self) -> (u32, u32) {
        match self {
            Class::SignIn => (5, 60),
            Class::Register | Class::Code => (10, 60),
            Class::Forgot => (5, 300),
            Class::Vouched => (60, 60),
            Class::ApiByNobody => (120, 60),
            Class::PagesByNobody => (600, 60),
            Class::Api | Class::Pages => (3_000, 60),
        }
    }

    /// What the log calls it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Class::SignIn => "sign-in",
            Class::Register => "register",
            Class::Forgot => "forgot",
            Class::Vouched => "vouched",
            Class::Code => "code",
            Class::Api => "api",
            Class::ApiByNobody => "api-by-nobody",
            Class::Pages => "pages",
            Class::PagesByNobody => "pages-by-nobody",
        }
    }

    /// The limit that a route has of its own, whoever asks. `route` is the path as
    /// it is declared. A form below `/auth/` that nobody thought of here is taken
    /// for one where something can be guessed.
    #[must_use]
    pub fn of_route(method: &Method, route: &str, with_token: bool) -> Option<Class> {
        // Both write a row or ask another machine, though nobody sends a form.
        if route.starts_with("/auth/sso/") {
            return Some(Class::Vouched);
        }
        // A link in a letter has 256 bits: looking at its page guesses nothing.
        if matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) {
            return None;
        }
        match route {
            "/auth/login" | "/api/v1/auth/login" => Some(Class::SignIn),
            // An administrator makes accounts with their token.
            "/api/v1/users" if with_token => None,
            "/api/v1/users" | "/auth/register" | "/invite/{token}" | "/setup/{token}" => {
                Some(Class::Register)
            }
            "/auth/forgot" | "/auth/reset/{token}" | "/auth/confirm" => Some(Class::Forgot),
            // They ask for the password.
            "/meu-perfil/email"
            | "/meu-perfil/password"
            | "/meu-perfil/tokens"
            | "/meu-perfil/security"
            | "/meu-perfil/security/totp/confirm" => Some(Class::Code),
            "/auth/logout" => None,
            other if other.starts_with("/auth/") => Some(Class::Code),
            _ => None,
        }
    }
}

/// Whose requests are counted together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Who {
    /// Whoever asks from this address.
    At(IpAddr),
    /// This account.
    Is(UserId),
}

/// Up to so many times, each time is remembered by itself: "five a minute" then is
/// exact. Above, a bucket fills again at the same pace, which is less to remember.
const EXACT: u32 = 10;

/// An address that asks again and again is remembered; when there are so many of
/// them, somebody has a whole network, and networks are counted.
const CROWD: usize = 100_000;

/// How often what is over is forgotten, in seconds.
const SWEEP: u64 = 60;

type Key = (Who, u32);
type Limiter = RateLimiter<Key, HashMapStateStore<Key>, Ticks, NoOpMiddleware<Duration>>;

/// What each has asked for lately.
pub struct Limits {
    on: bool,
    ticks: Ticks,
    limiters: Vec<Limiter>,
    crowded: AtomicBool,
    swept: AtomicU64,
}

impl Limits {
    /// Nobody has asked yet. `on`: whether anybody is ever refused.
    #[must_use]
    pub fn new(clock: &Clock, on: bool) -> Limits {
        let ticks = Ticks {
            begun: Instant::now(),
            clock: clock.clone(),
            latest: Arc::default(),
        };
        let limiter = |class: Class| RateLimiter::hashmap_with_clock(quota(class), ticks.clone());
        Limits {
            on,
            limiters: Class::ALL.map(limiter).into_iter().collect(),
            swept: AtomicU64::new(ticks.seconds()),
            crowded: AtomicBool::new(false),
            ticks,
        }
    }

    /// Counts one more time, or says after how many seconds it would be one too
    /// many no longer.
    ///
    /// # Errors
    /// The seconds to wait.
    pub fn take(&self, class: Class, who: Who) -> Result<(), i64> {
        let Some(limiter) = self.limiters.get(class as usize).filter(|_| self.on) else {
            return Ok(());
        };
        self.sweep();
        let who = match who {
            Who::At(ip) => Who::At(net(ip, self.crowded.load(Ordering::Relaxed))),
            known => known,
        };
        let mut wait = Duration::MAX;
        for place in 0..places(class) {
            match limiter.check_key(&(who, place)) {
                Ok(()) => return Ok(()),
                Err(until) => {
                    wait = wait.min(until.wait_time_from(governor::clock::Clock::now(&self.ticks)));
                }
            }
        }
        Err(i64::try_from(wait.as_millis().div_ceil(1_000)).unwrap_or(i64::MAX))
    }

    /// Forgets what is over, so that memory is bounded by who asked in the last minutes.
    fn sweep(&self) {
        let (now, last) = (self.ticks.seconds(), self.swept.load(Ordering::Relaxed));
        let due = now >= last + SWEEP;
        let order = Ordering::Relaxed;
        if !due
            || self
                .swept
                .compare_exchange(last, now, order, order)
                .is_err()
        {
            return;
        }
        for limiter in &self.limiters {
            limiter.retain_recent();
            limiter.shrink_to_fit();
        }
        self.crowded.store(self.remembered() > CROWD, order);
    }

    /// How much is remembered.
    #[must_use]
    pub fn remembered(&self) -> usize {
        self.limiters.iter().map(RateLimiter::len).sum()
    }
}

/// In how many places a time can be remembered. Each is free again when its time is
/// so long ago that it does not count any more.
fn places(class: Class) -> u32 {
    match class.most().0 {
        few if few <= EXACT => few,
        _ => 1,
    }
}

fn quota(class: Class) -> Quota {
    let (most, seconds) = class.most();
    let within = Duration::from_secs(seconds.into());
    let burst = match places(class) {
        1 => most,
        _ => 1,
    };
    let burst = NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN);
    // `None` for a quota without time only, and none of ours is.
    let quota = Quota::with_period(within / burst.get());
    quota.map_or(Quota::per_second(burst), |quota| quota.allow_burst(burst))
}

/// The network that an address stands for: whoever has one IPv6 address has 2^64.
fn net(ip: IpAddr, crowded: bool) -> IpAddr {
    let bits = match (ip, crowded) {
        (IpAddr::V4(_), false) => 32,
        (IpAddr::V4(_), true) => 16,
        (IpAddr::V6(_), false) => 64,
        (IpAddr::V6(_), true) => 32,
    };
    IpNet::new(ip, bits).map_or(ip, |net| net.network())
}

/// The desk's clock, or where that is the machine's, one that runs evenly. It never
/// goes back: whoever asked just before would have to wait for what was gained.
#[derive(Clone)]
struct Ticks {
    begun: Instant,
    clock: Clock,
    /// The latest that it has shown, in milliseconds.
    latest: Arc<AtomicU64>,
}

impl Ticks {
    fn seconds(&self) -> u64 {
        governor::clock::Clock::now(self).as_secs()
    }
}

impl governor::clock::Clock for Ticks {
    type Instant = Duration;

    fn now(&self) -> Duration {
        let Clock::Set(_) = &self.clock else {
            return self.begun.elapsed();
        };
        let now = u64::try_from(self.clock.now().millis()).unwrap_or_default();
        let latest = self.latest.fetch_max(now, Ordering::Relaxed);
        Duration::from_millis(now.max(latest))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits() -> (Limits, Clock) {
        let clock = Clock::set(kit::Instant(1_768_402_800_000));
        (Limits::new(&clock, true), clock)
    }

    fn at(ip: &str) -> Who {
        Who::At(ip.parse().unwrap())
    }

    #[test]
    fn five_a_minute_is_exact_however_they_are_spread() {
        let (limits, clock) = limits();
        let millis = |n: i64| match &clock {
            Clock::Set(millis) => millis.fetch_add(n, Ordering::SeqCst),
            Clock::System => 0,
        };
        let me = at("203.0.113.7");
        for _ in 0..5 {
            assert_eq!(limits.take(Class::SignIn, me), Ok(()));
            millis(11_000);
        }
        assert_eq!(
            limits.take(Class::SignIn, me),
            Err(5),
            "the sixth in 55 seconds"
        );
        millis(5_000);
        assert_eq!(
            limits.take(Class::SignIn, me),
            Ok(()),
            "the first is a minute ago"
        );
        assert_eq!(limits.take(Class::SignIn, me), Err(11));
    }

    #[test]
    fn another_address_another_account_and_another_class_have_their_own() {
        let (limits, _) = limits();
        while limits.take(Class::SignIn, at("203.0.113.7")).is_ok() {}
        assert!(limits.take(Class::SignIn, at("203.0.113.8")).is_ok());
        assert!(limits.take(Class::Code, at("203.0.113.7")).is_ok());
        let somebody = Who::Is(UserId(uuid::Uuid::from_u128(1)));
        assert!(limits.take(Class::SignIn, somebody).is_ok());
    }

    #[test]
    fn a_whole_ipv6_network_is_one() {
        let (limits, _) = limits();
        for n in 0..5 {
            assert!(
                limits
                    .take(Class::SignIn, at(&format!("2803:1:2:3::{n}")))
                    .is_ok()
            );
        }
        assert!(
            limits
                .take(Class::SignIn, at("2803:1:2:3:ffff::1"))
                .is_err()
        );
        assert!(limits.take(Class::SignIn, at("2803:1:2:4::1")).is_ok());
    }

    #[test]
    fn a_generous_limit_lets_a_burst_through_and_then_its_pace() {
        let (limits, clock) = limits();
        let me = at("203.0.113.7");
        let count = |limits: &Limits| {
            (0..2_000)
                .filter(|_| limits.take(Class::ApiByNobody, me).is_ok())
                .count()
        };
        assert_eq!(count(&limits), 120);
        assert_eq!(limits.take(Class::ApiByNobody, me), Err(1));
        clock.advance_minutes(1);
        assert_eq!(count(&limits), 120);
    }

    #[test]
    fn what_is_over_is_forgotten() {
        let (limits, clock) = limits();
        for n in 0..1_000_u32 {
            limits
                .take(Class::SignIn, Who::At(IpAddr::V4(n.into())))
                .unwrap();
        }
        assert_eq!(limits.remembered(), 1_000);
        clock.advance_minutes(3);
        limits.take(Class::SignIn, at("203.0.113.7")).unwrap();
        assert_eq!(limits.remembered(), 1);
    }

    #[test]
    fn in_a_crowd_networks_are_counted() {
        assert_eq!(net(at_ip("203.0.113.7"), false), at_ip("203.0.113.7"));
        assert_eq!(net(at_ip("203.0.113.7"), true), at_ip("203.0.0.0"));
        assert_eq!(net(at_ip("2803:1:2:3::1"), true), at_ip("2803:1::"));
    }

    fn at_ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn a_clock_that_is_set_back_makes_nobody_wait() {
        let (limits, clock) = limits();
        clock.advance_minutes(11);
        assert!(limits.take(Class::Pages, at("203.0.113.7")).is_ok());
        clock.advance_minutes(-5);
        assert!(limits.take(Class::Pages, at("203.0.113.7")).is_ok());
    }

    #[test]
    fn switched_off_nobody_is_refused() {
        let limits = Limits::new(&Clock::System, false);
        assert!((0..100).all(|_| limits.take(Class::SignIn, at("203.0.113.7")).is_ok()));
    }

    #[test]
    fn a_form_below_auth_is_limited_even_when_nobody_thought_of_it() {
        let of = |method, route| Class::of_route(&method, route, false);
        assert_eq!(of(Method::POST, "/auth/login"), Some(Class::SignIn));
        assert_eq!(of(Method::GET, "/auth/login"), None);
        assert_eq!(of(Method::POST, "/auth/passkey/finish"), Some(Class::Code));
        assert_eq!(of(Method::GET, "/auth/reset/{token}"), None);
        assert_eq!(of(Method::POST, "/auth/reset/{token}"), Some(Class::Forgot));
        assert_eq!(of(Method::POST, "/tickets/create"), None);
        assert_eq!(Class::of_route(&Method::POST, "/api/v1/users", true), None);
    }
}
