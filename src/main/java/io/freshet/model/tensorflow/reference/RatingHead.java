package io.freshet.model.tensorflow.reference;

import io.freshet.model.RatingRange;
import io.freshet.model.tensorflow.reference.authoring.GraphVariable;
import io.freshet.model.tensorflow.reference.authoring.GraphVariables;
import io.freshet.model.tensorflow.reference.authoring.GraphVariables.Weights;
import io.freshet.model.tensorflow.reference.authoring.Initializers;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Predicts ratings: a logit, moved by an offset that all items share, on the scale of the ratings
 * through a logistic function (Salakhutdinov and Mnih, "Probabilistic Matrix Factorization", NIPS
 * 2007).
 */
public final class RatingHead {

    private final RatingRange range;
    private final GraphVariable<TFloat32> offset;

    RatingHead(GraphVariables graph, Initializers first, RatingRange range) {
        this.range = range;
        offset = graph.add("head/rating_offset", TFloat32.class, Shape.scalar(), first.constant(0));
    }

    GraphVariable<TFloat32> offset() {
        return offset;
    }

    /** Ratings of logits, in the ratings' own scale. */
    public Operand<TFloat32> predict(Ops tf, Weights weights, Operand<TFloat32> logits) {
        Operand<TFloat32> share = tf.math.sigmoid(tf.math.add(logits, weights.of(offset)));
        return tf.math.add(
                tf.constant(range.least()),
                tf.math.mul(share, tf.constant(range.greatest() - range.least())));
    }
}
