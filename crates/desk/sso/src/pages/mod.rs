pub mod door;
pub mod edit;
pub mod list;
pub mod own;
