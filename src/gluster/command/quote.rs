//! Words for a shell: the same rules for the remote shell of `--ssh` and for lines that an admin
//! copies.

use std::borrow::Cow;

/// Quotes a word so that a POSIX shell reads it back unchanged.
pub fn shell_quote(word: &str) -> Cow<'_, str> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@%+,".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        Cow::Borrowed(word)
    } else {
        Cow::Owned(format!("'{}'", word.replace('\'', r"'\''")))
    }
}

/// Joins words to one line.
pub(super) fn join(words: &[String]) -> String {
    let quoted: Vec<_> = words.iter().map(|word| shell_quote(word)).collect();
    quoted.join(" ")
}
