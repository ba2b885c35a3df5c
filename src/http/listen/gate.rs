//! How many connections there may be, in all and per address.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
};

use super::peer::Cidr;

/// Cheap to clone; all clones count together.
#[derive(Clone, Debug)]
pub struct Gate(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    max: usize,
    per_ip_max: usize,
    exempt: Vec<Cidr>,
    open: Mutex<Open>,
}

#[derive(Debug, Default)]
struct Open {
    all: usize,
    by_ip: HashMap<IpAddr, usize>,
}

/// The place of one connection; it is free again when this is dropped.
#[derive(Debug)]
pub struct Slot {
    shared: Arc<Shared>,
    counted: Option<IpAddr>,
}

impl Gate {
    pub fn new(max: usize, per_ip_max: usize, exempt: &[Cidr]) -> Self {
        let exempt = exempt.to_vec();
        Self(Arc::new(Shared { max, per_ip_max, exempt, open: Mutex::default() }))
    }

    /// A place for a connection from this address, if there is one.
    pub fn admit(&self, ip: IpAddr) -> Option<Slot> {
        let exempt = ip.is_loopback() || self.0.exempt.iter().any(|cidr| cidr.contains(ip));
        let counted = (!exempt).then_some(ip);
        let mut open = self.0.open.lock().unwrap_or_else(PoisonError::into_inner);
        if open.all >= self.0.max {
            return None;
        }
        if let Some(ip) = counted {
            let own = open.by_ip.get(&ip).copied().unwrap_or_default();
            if own >= self.0.per_ip_max {
                return None;
            }
            open.by_ip.insert(ip, own + 1);
        }
        open.all += 1;
        Some(Slot { shared: self.0.clone(), counted })
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let mut open = self.shared.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.all = open.all.saturating_sub(1);
        let Some(ip) = self.counted else { return };
        if let Some(own) = open.by_ip.get_mut(&ip) {
            *own = own.saturating_sub(1);
            if *own == 0 {
                open.by_ip.remove(&ip);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_limited_and_given_back() {
        let gate = Gate::new(4, 2, &[Cidr::parse("10.0.0.0/8").expect("a network")]);
        let (a, b) = (IpAddr::from([1, 1, 1, 1]), IpAddr::from([1, 1, 1, 2]));
        let (first, second) = (gate.admit(a), gate.admit(a));
        assert!(first.is_some() && second.is_some() && gate.admit(a).is_none());
        drop(first);
        let third = gate.admit(a);
        assert!(third.is_some());
        let other = gate.admit(b);
        let proxy = IpAddr::from([10, 1, 1, 1]);
        let inner = [gate.admit(proxy), gate.admit(proxy)];
        assert!(other.is_some() && inner[0].is_some() && inner[1].is_none());
        assert!(gate.admit(IpAddr::from([127, 0, 0, 1])).is_none());
        drop((second, third, other, inner));
        let open = gate.0.open.lock().expect("the counts");
        assert_eq!((open.all, open.by_ip.len()), (0, 0));
    }
}
