package io.freshet.model.tensorflow.reference.authoring;

import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TNumber;
import org.tensorflow.types.family.TType;

/**
 * A variable of a graph that is being authored.
 *
 * @param name its name in checkpoints
 * @param type type of its elements
 * @param shape its shape, or what is known of it
 * @param handle the resource
 */
public record GraphVariable<T extends TType>(
        String name, Class<T> type, Shape shape, Operand<? extends TType> handle) {

    public Operand<T> read(Ops tf) {
        return tf.readVariableOp(handle, type);
    }

    public Op assign(Ops tf, Operand<T> value) {
        return tf.assignVariableOp(handle, value);
    }

    /** Rows of the variable, without reading the others. */
    public Operand<T> gather(Ops tf, Operand<? extends TNumber> rows) {
        return tf.resourceGather(handle, rows, type);
    }

    /** Overwrites rows and leaves the others. */
    public Op scatter(Ops tf, Operand<? extends TNumber> rows, Operand<T> values) {
        return tf.resourceScatterUpdate(handle, rows, values);
    }
}
