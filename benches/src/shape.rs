//! The graphs that are measured.

/// Who waits for whom, as a list of earlier tasks for each task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    Chain,
    Independent,
    Tree,
    Grid,
    Random,
    /// Steps in time: each cell waits for itself and its neighbours of the step before.
    Stencil,
    /// The butterflies of a fast Fourier transform.
    Fft,
}

/// The edges of a graph in one allocation for all.
#[derive(Debug)]
pub(crate) struct Edges {
    offsets: Vec<u32>,
    items: Vec<u32>,
}

impl Shape {
    const ALL: [Self; 7] = [
        Self::Chain,
        Self::Independent,
        Self::Tree,
        Self::Grid,
        Self::Random,
        Self::Stencil,
        Self::Fft,
    ];

    /// The shapes of `engine`.
    pub(crate) const USUAL: [Self; 5] =
        [Self::Chain, Self::Independent, Self::Tree, Self::Grid, Self::Random];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Chain => "chain",
            Self::Independent => "independent",
            Self::Tree => "tree",
            Self::Grid => "grid",
            Self::Random => "random",
            Self::Stencil => "stencil",
            Self::Fft => "fft",
        }
    }

    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|shape| shape.name() == name)
    }

    /// The graph of this shape. A random one is the same every time.
    pub(crate) fn edges(self, tasks: usize) -> Edges {
        let mut edges = Edges { offsets: vec![0], items: Vec::new() };
        let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
        let width = tasks.isqrt().max(1);
        let points = points(tasks);
        let mut row = Vec::new();
        for task in 0..tasks {
            row.clear();
            match self {
                Self::Independent => {}
                Self::Chain => row.extend(task.checked_sub(1)),
                Self::Tree => row.extend(task.checked_sub(1).map(|earlier| earlier / 2)),
                Self::Grid => {
                    row.extend(task.checked_sub(width));
                    row.extend((task % width > 0).then(|| task - 1));
                }
                Self::Random => {
                    let most = if task == 0 { 0 } else { dice.below(MOST_DEPENDENCIES + 1) };
                    row.extend((0..most).map(|_| dice.below(task)));
                    row.sort_unstable();
                    row.dedup();
                }
                Self::Stencil => {
                    let cell = task % width;
                    let neighbours = cell.saturating_sub(1)..=(cell + 1).min(width - 1);
                    let before = task.checked_sub(width + cell);
                    row.extend(
                        before
                            .into_iter()
                            .flat_map(|step| neighbours.clone().map(move |it| step + it)),
                    );
                }
                Self::Fft => {
                    let (stage, point) = (task / points, task % points);
                    let before = task.checked_sub(points + point);
                    let other = point ^ (1 << (stage.saturating_sub(1) % points.ilog2() as usize));
                    row.extend(before.into_iter().flat_map(|stage| [stage + point, stage + other]));
                }
            }
            edges.push(&row);
        }
        edges
    }
}

/// How many points a Fourier transform of so many tasks has, which is a power of two: a stage more than its
/// logarithm.
fn points(tasks: usize) -> usize {
    let fits = |exponent: &usize| (1 << exponent) * (exponent + 1) <= tasks;
    1 << (1..usize::BITS as usize / 2).take_while(fits).last().unwrap_or(1)
}

/// How many earlier tasks one of a random graph waits for.
const MOST_DEPENDENCIES: usize = 4;

impl Edges {
    fn push(&mut self, row: &[usize]) {
        let number = |index: usize| u32::try_from(index).expect("fewer than 2^32 edges");
        self.items.extend(row.iter().copied().map(number));
        self.offsets.push(number(self.items.len()));
    }

    pub(crate) const fn len(&self) -> usize {
        self.offsets.len() - 1
    }

    pub(crate) fn row(&self, task: usize) -> &[u32] {
        &self.items[self.offsets[task] as usize..self.offsets[task + 1] as usize]
    }

    pub(crate) fn fan_ins(&self) -> impl Iterator<Item = u32> {
        self.offsets.windows(2).map(|pair| pair[1] - pair[0])
    }

    /// The same pairs seen from the other end: for each task those that wait for it.
    pub(crate) fn reversed(&self) -> Self {
        let mut offsets = vec![0; self.offsets.len()];
        self.items.iter().for_each(|item| offsets[*item as usize + 1] += 1);
        (1..offsets.len()).for_each(|index| offsets[index] += offsets[index - 1]);
        let mut next = offsets.clone();
        let mut items = vec![0; self.items.len()];
        for (task, number) in (0..self.len()).zip(0..) {
            for item in self.row(task) {
                let slot = &mut next[*item as usize];
                items[*slot as usize] = number;
                *slot += 1;
            }
        }
        Self { offsets, items }
    }
}

/// Xorshift: good enough to scatter edges, and the same on every machine.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 32).map_or(0, |number| number % limit)
    }
}
