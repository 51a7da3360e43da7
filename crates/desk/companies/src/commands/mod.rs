//! What people do with companies, and with what the desk says of itself.

mod company;
mod desk;
mod privacy;
mod sign;

pub use company::{create, may_make, update};
pub use desk::{DeskInput, set_desk};
pub use privacy::set_privacy;
pub use sign::{Sign, set_sign};
