//! Reads a document into values, element by element, in one go over borrowed text.
//!
//! A value is told of each element that is meant for it and takes in what stands there: text, or
//! children by their names. [`elements!`](super::wire) writes that down for a struct.

use std::borrow::Cow;

use quick_xml::escape::{EscapeError, unescape};

use super::tokens::{Tag, Token, Tokens};

/// Why a document is not good XML, or not what it should be.
#[derive(Debug, thiserror::Error)]
pub(super) enum Error {
    #[error("<{0}> does not end where it should")]
    Open(String),
    #[error("<{0} is no tag")]
    Tag(String),
    #[error("<{0}> stands there twice")]
    Twice(String),
    #[error("<{0}> stands where text should be")]
    NoText(String),
    #[error("&{0}; is not known")]
    Entity(String),
    #[error(transparent)]
    Escape(EscapeError),
    #[error("it goes on after its end")]
    Surplus,
    #[error("its end is missing")]
    CutShort,
}

/// Something that an element is read into.
pub(super) trait Value<'a> {
    /// Takes in an element that was just opened, to its end.
    fn read(&mut self, document: &mut Document<'a>, element: Tag<'a>) -> Result<(), Error>;
}

/// The text of an element without children.
impl<'a> Value<'a> for Cow<'a, str> {
    fn read(&mut self, document: &mut Document<'a>, _: Tag<'a>) -> Result<(), Error> {
        *self = document.text()?;
        Ok(())
    }
}

/// An element that stands there once at most.
impl<'a, T: Value<'a> + Default> Value<'a> for Option<T> {
    fn read(&mut self, document: &mut Document<'a>, element: Tag<'a>) -> Result<(), Error> {
        if self.is_some() {
            return Err(Error::Twice(element.name.to_owned()));
        }
        self.insert(T::default()).read(document, element)
    }
}

/// An element that is repeated; others may stand in between.
impl<'a, T: Value<'a> + Default> Value<'a> for Vec<T> {
    fn read(&mut self, document: &mut Document<'a>, element: Tag<'a>) -> Result<(), Error> {
        // In its place: a struct of many fields would be moved there.
        self.push(T::default());
        self.last_mut()
            .map_or(Ok(()), |value| value.read(document, element))
    }
}

/// A document on the way through the reader.
#[derive(Debug)]
pub(super) struct Document<'a> {
    tokens: Tokens<'a>,
}

impl<'a> Document<'a> {
    /// Reads a whole document: one root element and nothing behind it.
    pub(super) fn whole<T: Value<'a> + Default>(text: &'a str) -> Result<T, Error> {
        let mut document = Self {
            tokens: Tokens::new(text),
        };
        let mut root: Option<T> = None;
        loop {
            match document.tokens.next()? {
                Token::Start(element) if root.is_none() => root.read(&mut document, element)?,
                Token::Eof => return root.ok_or(Error::CutShort),
                Token::Text(text) if text.trim().is_empty() => {}
                _ => return Err(Error::Surplus),
            }
        }
    }

    /// Reads on to the end of an element, and tells each of its children. Text between them means
    /// nothing.
    pub(super) fn children(
        &mut self,
        mut child: impl FnMut(&mut Self, Tag<'a>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        loop {
            match self.tokens.next()? {
                Token::Start(element) => child(self, element)?,
                Token::Text(_) | Token::Literal(_) => {}
                Token::End => return Ok(()),
                Token::Eof => return Err(Error::CutShort),
            }
        }
    }

    /// Reads over an element that nobody asks for.
    pub(super) fn skip(&mut self) -> Result<(), Error> {
        self.tokens.skip()
    }

    /// Reads on to the end of an element that holds text.
    fn text(&mut self) -> Result<Cow<'a, str>, Error> {
        let mut whole = Cow::Borrowed("");
        loop {
            let piece = match self.tokens.next()? {
                Token::Text(text) => unescaped(text)?,
                Token::Literal(text) => with_line_feeds(text),
                Token::Start(child) => return Err(Error::NoText(child.name.to_owned())),
                Token::End => return Ok(whole),
                Token::Eof => return Err(Error::CutShort),
            };
            if whole.is_empty() {
                whole = piece;
            } else {
                whole.to_mut().push_str(&piece);
            }
        }
    }
}

fn unescaped(text: &str) -> Result<Cow<'_, str>, Error> {
    if !text.bytes().any(|byte| matches!(byte, b'&' | b'\r')) {
        return Ok(Cow::Borrowed(text));
    }
    let text = with_line_feeds(text);
    let whole = unescape(&text).map_err(|error| match error {
        EscapeError::UnrecognizedEntity(_, name) => Error::Entity(name),
        other => Error::Escape(other),
    })?;
    Ok(Cow::Owned(whole.into_owned()))
}

/// Text with the ends of its lines as XML means them.
fn with_line_feeds(text: &str) -> Cow<'_, str> {
    if text.contains('\r') {
        text.replace("\r\n", "\n").replace('\r', "\n").into()
    } else {
        text.into()
    }
}

#[cfg(test)]
mod tests {
    use super::super::wire::{CliOutput, Volume};
    use super::*;

    fn first_volume(inside: &str) -> Result<Volume<'static>, Error> {
        // The text must outlive what borrows it.
        let text = format!(
            "<cliOutput><volInfo><volumes><volume>{inside}</volume></volumes></volInfo></cliOutput>"
        );
        let output: CliOutput = Document::whole(text.leak())?;
        let volumes = output.vol_info.and_then(|info| info.volumes);
        Ok(volumes.unwrap_or_default().volume.remove(0))
    }

    #[test]
    fn text_is_put_together_from_its_pieces() {
        for (written, read) in [
            ("media", "media"),
            ("a&amp;b &#x41;<![CDATA[<x>]]> <!-- c -->z", "a&b A<x> z"),
            ("one\r\n  two ", "one\n  two "),
            ("", ""),
        ] {
            let volume = first_volume(&format!("<name>{written}</name>")).unwrap();
            assert_eq!(volume.name.as_deref(), Some(read), "{written:?}");
        }
        assert_eq!(first_volume("<name/>").unwrap().name.as_deref(), Some(""));
        assert_eq!(first_volume("<id>1</id>").unwrap().name, None);
    }

    #[test]
    fn text_without_entities_is_not_copied() {
        let volume = first_volume("<name>media</name>").unwrap();
        assert!(matches!(volume.name, Some(Cow::Borrowed("media"))));
    }

    #[test]
    fn what_is_no_document_says_why() {
        let said = |inside| first_volume(inside).unwrap_err().to_string();
        assert_eq!(
            said("<name>a</name><name>b</name>"),
            "<name> stands there twice"
        );
        assert_eq!(
            said("<name>a<b/></name>"),
            "<b> stands where text should be"
        );
        assert_eq!(said("<name>&foo;</name>"), "&foo; is not known");
        let whole = |text| Document::whole::<CliOutput>(text).unwrap_err().to_string();
        assert_eq!(whole(" "), "its end is missing");
        assert_eq!(whole("<cliOutput><a>"), "<a> does not end where it should");
        assert_eq!(
            whole("<cliOutput/><cliOutput/>"),
            "it goes on after its end"
        );
        assert_eq!(whole("<cliOutput/>more"), "it goes on after its end");
    }

    #[test]
    fn what_nobody_asks_for_is_read_over() {
        let inside = "<other><name>no</name></other>words<brick uuid='u'/><name>yes</name>";
        assert_eq!(first_volume(inside).unwrap().name.as_deref(), Some("yes"));
        let bricks = "<bricks><brick uuid=\"u\">text<name>n</name></brick></bricks>";
        let bricks = first_volume(bricks).unwrap().bricks.unwrap().brick;
        assert_eq!(bricks[0].uuid.as_deref(), Some("u"));
        assert_eq!(bricks[0].name.as_deref(), Some("n"));
    }
}
