//! Keeps the processors awake while CPU time is measured.
//!
//! A virtual processor that has nothing to do is taken away, and giving it back costs
//! time that is counted as the time of whoever it is given back for. One client that
//! waits for each answer lets them sleep at every hand-over between two threads: then
//! the same page costs 0.35 ms or 0.55 ms by chance. Loops of the lowest priority, which
//! run only when nobody else wants to, leave nothing to wake.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// As long as this lives, no processor sleeps.
pub struct Awake(Arc<AtomicBool>);

impl Awake {
    /// Begins a loop for each processor.
    pub fn begin() -> Awake {
        let over = Arc::new(AtomicBool::new(false));
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            let over = over.clone();
            std::thread::spawn(move || {
                // Of this thread alone, on Linux; where it is refused, nothing is kept awake.
                if rustix::process::nice(19).is_ok_and(|now| now == 19) {
                    while !over.load(Ordering::Relaxed) {
                        std::hint::spin_loop();
                    }
                }
            });
        }
        Awake(over)
    }
}

impl Drop for Awake {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}
