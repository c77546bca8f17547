//! Cuts a document into its tags and texts, without a copy of anything.
//!
//! A thousand volumes make half a million tags. A general reader spends more on each than all
//! that is done with it here, so this one knows what gluster writes: no document type, no
//! namespaces, one encoding. It is no less strict for that: every element ends where it must.

use memchr::memchr;

use super::pull::Error;

/// A piece of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// An element begins.
    Start(Tag<'a>),
    /// The innermost element ends.
    End,
    /// Text as it is written, with its entities.
    Text(&'a str),
    /// Text in which nothing is escaped.
    Literal(&'a str),
    /// Nothing is left, and nothing is open.
    Eof,
}

/// The begin of an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tag<'a> {
    pub(super) name: &'a str,
    attributes: &'a str,
}

impl<'a> Tag<'a> {
    /// The value of an attribute as it is written.
    pub(super) fn attribute(&self, key: &str) -> Option<&'a str> {
        let mut rest = self.attributes;
        while let Some((found, value, more)) = attribute(rest) {
            if found == key {
                return Some(value);
            }
            rest = more;
        }
        None
    }
}

/// A document on the way through.
#[derive(Debug)]
pub(super) struct Tokens<'a> {
    rest: &'a str,
    open: Vec<&'a str>,
    /// The last element was an empty one: its end comes next.
    empty: bool,
}

impl<'a> Tokens<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            rest: text,
            open: Vec::new(),
            empty: false,
        }
    }

    /// The next piece. Comments and instructions are none.
    pub(super) fn next(&mut self) -> Result<Token<'a>, Error> {
        if std::mem::take(&mut self.empty) {
            self.open.pop();
            return Ok(Token::End);
        }
        loop {
            let Some(markup) = self.rest.strip_prefix('<') else {
                return self.text();
            };
            if let Some(end) = markup.strip_prefix('/') {
                return self.end(end);
            } else if let Some(rest) = markup.strip_prefix("![CDATA[") {
                return Ok(Token::Literal(self.until(rest, "]]>")?));
            } else if let Some(rest) = markup.strip_prefix("!--") {
                self.until(rest, "-->")?;
            } else if let Some(rest) = markup.strip_prefix('?') {
                self.until(rest, "?>")?;
            } else {
                return self.start(markup);
            }
        }
    }

    /// Goes to the end of the innermost element.
    pub(super) fn skip(&mut self) -> Result<(), Error> {
        let outside = self.open.len().saturating_sub(1);
        while self.open.len() > outside {
            self.next()?;
        }
        Ok(())
    }

    fn text(&mut self) -> Result<Token<'a>, Error> {
        if self.rest.is_empty() {
            let open = self.open.last();
            return open.map_or(Ok(Token::Eof), |name| Err(Error::Open((*name).to_owned())));
        }
        let end = memchr(b'<', self.rest.as_bytes()).unwrap_or(self.rest.len());
        let (text, rest) = self.rest.split_at(end);
        self.rest = rest;
        Ok(Token::Text(text))
    }

    fn start(&mut self, markup: &'a str) -> Result<Token<'a>, Error> {
        let (name, behind) = markup.split_at(name_length(markup));
        let mut rest = behind;
        while let Some((.., more)) = attribute(rest) {
            rest = more;
        }
        let (attributes, _) = behind.split_at(behind.len() - rest.len());
        let rest = rest.trim_ascii_start();
        let rest = match rest.strip_prefix('/') {
            Some(rest) => {
                self.empty = true;
                rest
            }
            None => rest,
        };
        match rest.strip_prefix('>') {
            Some(rest) if !name.is_empty() => self.rest = rest,
            _ => return Err(Error::Tag(name.to_owned())),
        }
        self.open.push(name);
        Ok(Token::Start(Tag { name, attributes }))
    }

    fn end(&mut self, end: &'a str) -> Result<Token<'a>, Error> {
        let name = self.open.pop().ok_or(Error::Surplus)?;
        let behind = end.strip_prefix(name).map(str::trim_ascii_start);
        self.rest = (behind.and_then(|rest| rest.strip_prefix('>')))
            .ok_or_else(|| Error::Open(name.to_owned()))?;
        Ok(Token::End)
    }

    /// Takes what stands before this mark, and goes on behind it.
    fn until(&mut self, text: &'a str, mark: &str) -> Result<&'a str, Error> {
        let (inside, rest) = text.split_once(mark).ok_or(Error::CutShort)?;
        self.rest = rest;
        Ok(inside)
    }
}

/// The first attribute: its key, its value, and what follows.
fn attribute(text: &str) -> Option<(&str, &str, &str)> {
    if text.starts_with('>') {
        return None;
    }
    let text = text.trim_ascii_start();
    let (key, rest) = text.split_at(name_length(text));
    let rest = rest.trim_ascii_start().strip_prefix('=')?;
    let rest = rest.trim_ascii_start();
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let (value, rest) = rest.strip_prefix(quote)?.split_once(quote)?;
    Some((key, value, rest))
}

fn name_length(text: &str) -> usize {
    let mut bytes = text.bytes();
    let end = bytes.position(|byte| {
        matches!(byte, b'>' | b'/' | b'=' | b'<' | b'"' | b'\'' | b'!' | b'&')
            || byte.is_ascii_whitespace()
    });
    end.unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use quick_xml::events::Event;

    use super::*;

    /// The names of what begins and ends, and the text in between: as this reader has it.
    fn ours(text: &str) -> Result<Vec<String>, Error> {
        let mut tokens = Tokens::new(text);
        let mut all = Vec::new();
        loop {
            all.push(match tokens.next()? {
                Token::Start(tag) => format!("<{} {:?}", tag.name, tag.attribute("k")),
                Token::End => ">".to_owned(),
                Token::Text(text) | Token::Literal(text) => text.to_owned(),
                Token::Eof => return Ok(all),
            });
        }
    }

    /// As a general reader has it.
    fn theirs(text: &str) -> Result<Vec<String>, quick_xml::Error> {
        let mut reader = quick_xml::Reader::from_str(text);
        reader.config_mut().expand_empty_elements = true;
        let mut all: Vec<String> = Vec::new();
        let mut in_text = false;
        let mut depth = 0;
        loop {
            let piece = |piece: &str, all: &mut Vec<String>| match all.last_mut() {
                Some(last) if in_text => last.push_str(piece),
                _ => all.push(piece.to_owned()),
            };
            in_text = match reader.read_event()? {
                Event::Start(tag) => {
                    depth += 1;
                    let value = tag.try_get_attribute("k")?.map(|found| found.value);
                    all.push(format!("<{} {value:?}", tag.name().as_ref()));
                    false
                }
                Event::End(_) => {
                    depth -= 1;
                    all.push(">".to_owned());
                    false
                }
                Event::Text(text) => {
                    piece(&text, &mut all);
                    true
                }
                Event::GeneralRef(entity) => {
                    piece(&format!("&{};", &*entity), &mut all);
                    true
                }
                Event::CData(text) => {
                    all.push(text.to_string());
                    false
                }
                Event::Eof if depth == 0 => return Ok(all),
                // It leaves this to its user.
                Event::Eof => return Err(quick_xml::Error::from(std::io::Error::other("open"))),
                _ => false,
            };
        }
    }

    const PIECES: &[&str] = &[
        "<a>",
        "</a>",
        "<b>",
        "</b>",
        "</a >",
        "<a/>",
        "<b />",
        "<ab>",
        "</ab>",
        "<a k='>'>",
        "<a k=\"1\" j='\"'>",
        "<b j='/' k = '2'/>",
        "text",
        "\n  ",
        "&amp;",
        "é",
        "<!-- <a> -->",
        "<![CDATA[<b>&]]>",
        "<?a b?>",
        "<![CDATA[]]>",
        "]]>",
        "<",
        "</",
        "</>",
        "<a",
        "<!--",
    ];

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn a_general_reader_sees_the_same(
            pieces in prop::collection::vec(prop::sample::select(PIECES), 0..10),
        ) {
            let text = pieces.concat();
            // Closed by itself, so that most of them are good.
            let inside = format!("<a>{text}</a>");
            for text in [text, inside] {
                match (ours(&text), theirs(&text)) {
                    (Ok(ours), Ok(theirs)) => prop_assert_eq!(ours, theirs, "{}", text),
                    // It may be stricter.
                    (Err(_), _) => {}
                    (Ok(ours), Err(error)) => prop_assert!(false, "{text}: {ours:?}, {error}"),
                }
            }
        }
    }

    #[test]
    fn what_is_good_is_read() {
        for text in [
            "",
            "text",
            "<a/>",
            "<a k='>'><b/></a >",
            "<a><!-- </b> --><?x >?><![CDATA[</b>]]></a>",
            "<a\n k = \"1\"\tj='2' />",
        ] {
            assert_eq!(ours(text).unwrap(), theirs(text).unwrap(), "{text}");
        }
    }

    #[test]
    fn what_is_no_xml_says_where() {
        for (text, why) in [
            ("<a>", "<a> does not end where it should"),
            ("<a><b></a>", "<b> does not end where it should"),
            ("<a></ab>", "<a> does not end where it should"),
            ("</a>", "it goes on after its end"),
            ("<a k=1>", "<a is no tag"),
            ("<a k='1", "<a is no tag"),
            ("<a b", "<a is no tag"),
            ("< a>", "< is no tag"),
            ("<!DOCTYPE a>", "< is no tag"),
            ("<!-- ", "its end is missing"),
        ] {
            assert_eq!(ours(text).unwrap_err().to_string(), why, "{text}");
        }
    }
}
