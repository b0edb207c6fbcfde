//! Ids of what is imported, derived from what stands in the file, so that the same row is the same problem for ever.

use store::words::sha256;
use uuid::Uuid;

/// A UUID of version 8 (RFC 9562: made up by the application) out of the digest of `parts`.
pub fn derived(parts: &[&str]) -> Uuid {
    // Each part with its length: ("ab", "c") and ("a", "bc") are different things.
    let lengths: Vec<String> = parts.iter().map(|part| format!("{}:", part.len())).collect();
    let pieces: Vec<&[u8]> =
        lengths.iter().zip(parts).flat_map(|(length, part)| [length.as_bytes(), part.as_bytes()]).collect();
    let digest = sha256(&pieces);
    let number = digest.get(..32).and_then(|hex| u128::from_str_radix(hex, 16).ok()).unwrap_or_default();
    uuid::Builder::from_custom_bytes(number.to_be_bytes()).into_uuid()
}

#[cfg(test)]
mod tests {
    use super::derived;

    #[test]
    fn equal_parts_give_equal_ids_and_others_do_not() {
        assert_eq!(derived(&["problem", "m0001"]), derived(&["problem", "m0001"]));
        assert_ne!(derived(&["ab", "c"]), derived(&["a", "bc"]));
        assert_eq!(derived(&["problem"]).get_version_num(), 8);
    }
}
