//! Punching 打卡 without a face: the code of the site's screen, the identity card, an attestation; and looking at doubtful ones.

pub mod code;
