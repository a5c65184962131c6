package io.freshet.model.tensorflow.reference.body;

import io.freshet.model.Precision;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.train.BatchMatMul;
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TFloat32;

/**
 * Products of matrices, and of stacks of matrices, in a model's precision; what goes in and what
 * comes out is float32, and so are the gradients of both.
 */
record MatrixProducts(Precision precision) {

    /** [M, K] times [K, N]. */
    Operand<TFloat32> of(Ops tf, Operand<TFloat32> left, Operand<TFloat32> right) {
        return switch (precision) {
            case FLOAT32 -> tf.linalg.matMul(left, right);
            case BFLOAT16 -> wide(tf, tf.linalg.matMul(narrow(tf, left), narrow(tf, right)));
        };
    }

    /** [.., M, K] times [.., K, N]. */
    Operand<TFloat32> ofStacks(
            Ops tf,
            Operand<TFloat32> left,
            Operand<TFloat32> right,
            BatchMatMul.Options... options) {
        return switch (precision) {
            case FLOAT32 -> tf.train.batchMatMul(left, right, TFloat32.class, options);
            case BFLOAT16 ->
                    wide(
                            tf,
                            tf.train.batchMatMul(
                                    narrow(tf, left), narrow(tf, right), TBfloat16.class, options));
        };
    }

    private static Operand<TBfloat16> narrow(Ops tf, Operand<TFloat32> matrix) {
        return tf.dtypes.cast(matrix, TBfloat16.class);
    }

    private static Operand<TFloat32> wide(Ops tf, Operand<TBfloat16> matrix) {
        return tf.dtypes.cast(matrix, TFloat32.class);
    }
}
