//! `/auth`, `/invite`, `/meu-perfil`, `/lgpd` and what an administrator does for an account.

pub mod forgot;
pub mod invite;
pub mod lgpd;
pub mod password;
pub mod picture;
pub mod profile;
pub mod register;
pub mod sent;
pub mod tokens;
