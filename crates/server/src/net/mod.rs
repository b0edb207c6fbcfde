//! The server itself: listening, limits on connections, TLS, what runs in the background, and an orderly end.

pub mod background;
pub mod guard;
pub mod limit;
pub mod listen;
pub mod tls;
