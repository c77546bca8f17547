//! Something known of each of some bricks.

use super::BrickName;

/// A map that is made once and then read: ordered by name, in one piece without room to grow. A
/// thousand volumes have two of them each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ByBrick<T>(Box<[(BrickName, T)]>);

impl<T> ByBrick<T> {
    /// What is known of one brick.
    pub fn get(&self, brick: &BrickName) -> Option<&T> {
        let at = self.0.binary_search_by(|(name, _)| name.cmp(brick)).ok()?;
        self.0.get(at).map(|(_, value)| value)
    }

    /// The bricks in order of their names.
    pub fn iter(&self) -> impl Iterator<Item = (&BrickName, &T)> {
        self.0.iter().map(|(name, value)| (name, value))
    }

    /// What is known, in order of the bricks' names.
    pub fn values(&self) -> impl Iterator<Item = &T> {
        self.0.iter().map(|(_, value)| value)
    }
}

impl<T> Default for ByBrick<T> {
    fn default() -> Self {
        Self(Box::default())
    }
}

/// Of a brick that comes twice the latter counts.
impl<T> FromIterator<(BrickName, T)> for ByBrick<T> {
    fn from_iter<I: IntoIterator<Item = (BrickName, T)>>(all: I) -> Self {
        let mut all: Vec<_> = all.into_iter().collect();
        all.sort_by(|(a, _), (b, _)| a.cmp(b));
        all.dedup_by(|later, earlier| {
            let is_same = later.0 == earlier.0;
            if is_same {
                std::mem::swap(later, earlier);
            }
            is_same
        });
        Self(all.into())
    }
}

impl<T> IntoIterator for ByBrick<T> {
    type Item = (BrickName, T);
    type IntoIter = std::vec::IntoIter<Self::Item>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_vec().into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bricks_are_found_in_whatever_order_they_came() {
        let name = |number: usize| BrickName::new(format!("gl-{number}:/b"));
        let all: ByBrick<_> = [3, 1, 2, 1].map(name).into_iter().zip(0..).collect();
        assert_eq!(
            [1, 2, 3, 4].map(|n| all.get(&name(n)).copied()),
            [Some(3), Some(2), Some(0), None]
        );
        assert_eq!(all.values().copied().collect::<Vec<_>>(), [3, 2, 0]);
        assert!(all.iter().map(|(brick, _)| brick).is_sorted());
    }
}
