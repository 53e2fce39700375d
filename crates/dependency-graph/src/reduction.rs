//! The edges that a drawing needs: those that no longer chain already says.

use petgraph::algo::tred::{dag_to_toposorted_adjacency_list, dag_transitive_reduction_closure};
use petgraph::graph::NodeIndex;
use petgraph::visit::IntoNeighbors;

use crate::graph::{DependencyGraph, Edge};

impl DependencyGraph {
    /// The edges left when every edge that follows from a longer chain is taken out.
    pub fn transitive_reduction(&self) -> Vec<Edge<'_>> {
        let sorted = self.sorted();
        let (list, position) = dag_to_toposorted_adjacency_list::<_, u32>(&self.inner, &sorted);
        let (reduced, _closure) = dag_transitive_reduction_closure(&list);
        let kept = |from: NodeIndex, to: NodeIndex| {
            (&reduced)
                .neighbors(position[from.index()])
                .any(|next| next == position[to.index()])
        };
        self.edges()
            .filter(|edge| kept(self.index[&edge.prerequisite.id], self.index[&edge.dependent.id]))
            .collect()
    }
}
