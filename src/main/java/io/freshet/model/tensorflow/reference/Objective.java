package io.freshet.model.tensorflow.reference;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Something to descend on, and where its gradient enters the graph.
 *
 * @param value scalar
 * @param ends parts of the graph that it is computed from
 * @param gradients its gradient by each of them, of the same shape
 */
record Objective(
        Operand<TFloat32> value, List<Operand<TFloat32>> ends, List<Operand<TFloat32>> gradients) {

    /** An objective that is differentiated as it stands. */
    static Objective of(Ops tf, Operand<TFloat32> value) {
        return new Objective(value, List.of(value), List.of(tf.constant(1f)));
    }
}
