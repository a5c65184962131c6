package io.freshet.model.tensorflow.reference.body;

import io.freshet.model.ModelSpec;
import io.freshet.model.tensorflow.reference.authoring.GraphVariable;
import io.freshet.model.tensorflow.reference.authoring.GraphVariables;
import io.freshet.model.tensorflow.reference.authoring.GraphVariables.Weights;
import io.freshet.model.tensorflow.reference.authoring.Initializers;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * A vector for each bucket that hashes of attributes fall into (Weinberger et al., "Feature Hashing
 * for Large Scale Multitask Learning", ICML 2009). All begin at zero, so that a model begins as one
 * that takes no attributes.
 */
final class AttributeVectors {

    private final int buckets;
    private final GraphVariable<TFloat32> table;

    AttributeVectors(GraphVariables graph, Initializers first, ModelSpec spec) {
        buckets = spec.attributeBuckets();
        Operand<TFloat32> zeros = first.constant(0, buckets, spec.width());
        table = graph.add("body/attributes", TFloat32.class, zeros.shape(), zeros);
    }

    GraphVariable<TFloat32> variable() {
        return table;
    }

    /**
     * Sums of the vectors of each position's attributes. Dropout is of whole attributes, so that
     * positions of which less is known are met in training.
     *
     * @param hashes [B, T, K], 0 where unused
     * @return [B, T, width]
     */
    Operand<TFloat32> sums(Ops tf, Weights weights, Operand<TInt32> hashes, Dropout dropout) {
        Operand<TFloat32> used =
                tf.dtypes.cast(tf.math.notEqual(hashes, tf.constant(0)), TFloat32.class);
        Operand<TFloat32> vectors =
                tf.gather(
                        weights.of(table),
                        tf.math.floorMod(hashes, tf.constant(buckets)),
                        tf.constant(0));
        return tf.reduceSum(
                tf.math.mul(vectors, tf.expandDims(dropout.apply(tf, used), tf.constant(-1))),
                tf.constant(2));
    }
}
