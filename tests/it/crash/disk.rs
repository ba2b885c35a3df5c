//! A model of a disk under a power cut. What was synced is there; of everything else any part may be,
//! in any order, torn inside a write. Names change durably with a sync of their directory, or, for a
//! new file, with the first sync of the file (as every Linux file system does it).

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    fs,
    os::unix::fs::MetadataExt,
    path::Path,
};

use super::journal::Deed;
use crate::harness::time::Random;

#[derive(Clone, Debug)]
enum Change {
    Write { offset: usize, data: Vec<u8> },
    Size(usize),
}

#[derive(Clone, Debug, Default)]
struct File {
    durable: Vec<u8>,
    waiting: Vec<Change>,
}

#[derive(Clone, Debug)]
enum NameChange {
    Put { path: String, file: usize },
    Moved { from: String, to: String, file: usize },
    Gone { path: String },
    MadeDirectory { path: String },
    GoneDirectory { path: String },
}

impl NameChange {
    /// The directories whose sync makes it durable.
    fn lies_in(&self, directory: &str) -> bool {
        let within =
            |path: &str| path.rsplit_once('/').map_or("", |(parent, _)| parent) == directory;
        match self {
            Self::Moved { from, to, .. } => within(from) || within(to),
            Self::Put { path, .. }
            | Self::Gone { path }
            | Self::MadeDirectory { path }
            | Self::GoneDirectory { path } => within(path),
        }
    }
}

/// What happens to what was not synced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// All of it is lost.
    Lost,
    /// All of it made it.
    Kept,
    /// Each sector of this many bytes has its own luck.
    Torn(usize),
}

/// The disk while the journal is played.
#[derive(Clone)]
pub(crate) struct Disk {
    files: Vec<File>,
    by_inode: HashMap<u64, usize>,
    names: BTreeMap<String, usize>,
    directories: BTreeSet<String>,
    name_changes: Vec<NameChange>,
    /// Whether syncs count; without them the tests must find losses.
    syncs_count: bool,
}

impl Disk {
    /// Starts from a directory in which everything is durable.
    pub(crate) fn from_directory(root: &Path) -> Self {
        let mut disk = Self {
            files: vec![],
            by_inode: HashMap::new(),
            names: BTreeMap::new(),
            directories: BTreeSet::new(),
            name_changes: vec![],
            syncs_count: true,
        };
        disk.load(root, root);
        disk
    }

    /// The same disk, but one that lies about having synced.
    pub(crate) fn without_syncs(mut self) -> Self {
        self.syncs_count = false;
        self
    }

    fn load(&mut self, root: &Path, directory: &Path) {
        for entry in fs::read_dir(directory).expect("a directory") {
            let path = entry.expect("an entry").path();
            let name = path.strip_prefix(root).expect("below it").to_string_lossy().into_owned();
            let about = fs::symlink_metadata(&path).expect("its data");
            if about.is_dir() {
                self.directories.insert(name);
                self.load(root, &path);
            } else if about.is_file() {
                let durable = fs::read(&path).expect("a file");
                self.by_inode.insert(about.ino(), self.files.len());
                self.names.insert(name, self.files.len());
                self.files.push(File { durable, waiting: vec![] });
            }
        }
    }

    pub(crate) fn play(&mut self, deed: &Deed) {
        match deed {
            Deed::Write { inode, offset, data } => {
                let offset = usize::try_from(*offset).expect("an offset");
                self.change(*inode, Change::Write { offset, data: data.clone() });
            }
            Deed::Size { inode, bytes } => {
                let bytes = usize::try_from(*bytes).expect("a size");
                self.change(*inode, Change::Size(bytes));
            }
            Deed::Create { inode, path } => {
                // The number may have belonged to a file that is gone.
                let file = self.files.len();
                self.files.push(File::default());
                self.by_inode.insert(*inode, file);
                self.name_changes.push(NameChange::Put { path: path.clone(), file });
            }
            Deed::Rename { inode, from, to } => {
                if let Some(&file) = self.by_inode.get(inode) {
                    let (from, to) = (from.clone(), to.clone());
                    self.name_changes.push(NameChange::Moved { from, to, file });
                }
            }
            Deed::Unlink { path } => {
                self.name_changes.push(NameChange::Gone { path: path.clone() });
            }
            Deed::MakeDirectory { path } => {
                self.name_changes.push(NameChange::MadeDirectory { path: path.clone() });
            }
            Deed::RemoveDirectory { path } => {
                self.name_changes.push(NameChange::GoneDirectory { path: path.clone() });
            }
            Deed::Sync { inode } if self.syncs_count => self.sync(*inode),
            Deed::SyncDirectory { path } if self.syncs_count => {
                self.settle_names(|change| change.lies_in(path));
            }
            Deed::Sync { .. } | Deed::SyncDirectory { .. } | Deed::Answer { .. } => {}
        }
    }

    fn change(&mut self, inode: u64, change: Change) {
        let file = *self.by_inode.entry(inode).or_insert_with(|| {
            self.files.push(File::default());
            self.files.len() - 1
        });
        self.files[file].waiting.push(change);
    }

    fn sync(&mut self, inode: u64) {
        let Some(&at) = self.by_inode.get(&inode) else { return };
        let file = &mut self.files[at];
        for change in std::mem::take(&mut file.waiting) {
            apply(&mut file.durable, &change);
        }
        self.settle_names(|change| matches!(change, NameChange::Put { file, .. } if *file == at));
    }

    fn settle_names(&mut self, settled: impl Fn(&NameChange) -> bool) {
        let (now, later): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.name_changes).into_iter().partition(|change| settled(change));
        self.name_changes = later;
        for change in now {
            rename(&mut self.names, &mut self.directories, change);
        }
    }

    /// What the disk holds after the cut, written as a directory.
    pub(crate) fn cut(&self, fate: Fate, chance: &mut Random, root: &Path) {
        let mut names = self.names.clone();
        let mut directories = self.directories.clone();
        for change in &self.name_changes {
            let kept = match fate {
                Fate::Lost => false,
                Fate::Kept => true,
                Fate::Torn(_) => chance.chance(50),
            };
            if kept {
                rename(&mut names, &mut directories, change.clone());
            }
        }
        fs::create_dir_all(root).expect("a directory");
        for directory in &directories {
            fs::create_dir_all(root.join(directory)).expect("a directory");
        }
        for (name, &file) in &names {
            let path = root.join(name);
            if path.parent().is_some_and(Path::is_dir) {
                fs::write(path, self.files[file].after(fate, chance)).expect("a file");
            }
        }
    }

    /// Every file by its name, as if the power had stayed.
    pub(crate) fn whole(&self) -> BTreeMap<String, Vec<u8>> {
        let mut disk = self.clone();
        disk.settle_names(|_| true);
        let whole = |file: &File| {
            let mut bytes = file.durable.clone();
            file.waiting.iter().for_each(|change| apply(&mut bytes, change));
            bytes
        };
        disk.names.iter().map(|(name, &file)| (name.clone(), whole(&disk.files[file]))).collect()
    }
}

impl File {
    fn after(&self, fate: Fate, luck: &mut Random) -> Vec<u8> {
        let mut bytes = self.durable.clone();
        for change in &self.waiting {
            match (fate, change) {
                (Fate::Lost, _) => {}
                (Fate::Kept, change) => apply(&mut bytes, change),
                (Fate::Torn(_), Change::Size(_)) => {
                    if luck.chance(50) {
                        apply(&mut bytes, change);
                    }
                }
                (Fate::Torn(sector), Change::Write { offset, data }) => {
                    tear(&mut bytes, *offset, data, sector, luck);
                }
            }
        }
        bytes
    }
}

/// Writes some sectors of `data`: none, all, the first few, or each by its own luck.
fn tear(bytes: &mut Vec<u8>, offset: usize, data: &[u8], sector: usize, chance: &mut Random) {
    let first_end = sector - offset % sector;
    let mut bounds = vec![0];
    bounds.extend((first_end.min(data.len())..data.len()).step_by(sector));
    bounds.push(data.len());
    bounds.dedup();
    let pieces: Vec<_> = bounds.windows(2).map(|pair| pair[0]..pair[1]).collect();
    let style = chance.below(4);
    let reach = chance.below(pieces.len() as u64 + 1);
    for (n, piece) in pieces.into_iter().enumerate() {
        let kept = match style {
            0 => false,
            1 => true,
            2 => (n as u64) < reach,
            _ => chance.chance(50),
        };
        if kept {
            let data = data[piece.clone()].to_vec();
            apply(bytes, &Change::Write { offset: offset + piece.start, data });
        }
    }
}

fn apply(bytes: &mut Vec<u8>, change: &Change) {
    match change {
        Change::Size(size) => bytes.resize(*size, 0),
        Change::Write { offset, data } => {
            let end = offset + data.len();
            if bytes.len() < end {
                bytes.resize(end, 0);
            }
            bytes[*offset..end].copy_from_slice(data);
        }
    }
}

fn rename(
    names: &mut BTreeMap<String, usize>,
    directories: &mut BTreeSet<String>,
    change: NameChange,
) {
    match change {
        NameChange::Put { path, file } => drop(names.insert(path, file)),
        NameChange::Moved { from, to, file } => {
            names.remove(&from);
            names.insert(to, file);
        }
        NameChange::Gone { path } => drop(names.remove(&path)),
        NameChange::MadeDirectory { path } => drop(directories.insert(path)),
        NameChange::GoneDirectory { path } => drop(directories.remove(&path)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::harness::{place::Place, time::random};

    fn write(inode: u64, offset: u64, data: &[u8]) -> Deed {
        Deed::Write { inode, offset, data: data.to_vec() }
    }

    /// What the files are after these deeds and a cut.
    #[track_caller]
    fn check(deeds: &[Deed], fate: Fate, expected: &[(&str, &[u8])]) {
        let place = Place::new();
        let (empty, cut) = (place.join("empty"), place.join("cut"));
        fs::create_dir_all(&empty).expect("a directory");
        let mut disk = Disk::from_directory(&empty);
        for deed in deeds {
            disk.play(deed);
        }
        disk.cut(fate, &mut random(1), &cut);
        let found = Disk::from_directory(&cut).whole();
        let expected: BTreeMap<String, Vec<u8>> =
            expected.iter().map(|(name, bytes)| ((*name).to_owned(), bytes.to_vec())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn only_what_was_synced_must_be_there() {
        let create = || Deed::Create { inode: 5, path: "a".into() };
        let deeds = [create(), write(5, 0, b"one"), Deed::Sync { inode: 5 }, write(5, 3, b"two")];
        check(&deeds, Fate::Lost, &[("a", b"one")]);
        check(&deeds, Fate::Kept, &[("a", b"onetwo")]);
        check(&[create(), write(5, 0, b"one")], Fate::Lost, &[]);
        let renamed = Deed::Rename { inode: 5, from: "a".into(), to: "b".into() };
        let mut deeds = vec![create(), write(5, 0, b"one"), Deed::Sync { inode: 5 }, renamed];
        check(&deeds, Fate::Lost, &[("a", b"one")]);
        deeds.push(Deed::SyncDirectory { path: String::new() });
        check(&deeds, Fate::Lost, &[("b", b"one")]);
        deeds.push(Deed::Unlink { path: "b".into() });
        check(&deeds, Fate::Lost, &[("b", b"one")]);
        check(&deeds, Fate::Kept, &[]);
    }

    #[test]
    fn torn_writes_are_made_of_whole_sectors() {
        let data = vec![1u8; 4096];
        let mut chance = random(3);
        let mut kinds = BTreeSet::new();
        for _ in 0..200 {
            let mut bytes = vec![0u8; 5000];
            tear(&mut bytes, 100, &data, 512, &mut chance);
            let changes = bytes.windows(2).enumerate().filter(|(_, pair)| pair[0] != pair[1]);
            for (at, _) in changes {
                assert!((at + 1) % 512 == 0 || at + 1 == 100 || at + 1 == 4196, "torn at {at}");
            }
            kinds.insert(bytes.iter().map(|byte| usize::from(*byte)).sum::<usize>());
        }
        assert!(kinds.contains(&0) && kinds.contains(&4096) && kinds.len() > 4, "{kinds:?}");
    }
}
