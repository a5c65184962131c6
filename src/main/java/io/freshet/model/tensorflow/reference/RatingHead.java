package io.freshet.model.tensorflow.reference;

import io.freshet.model.RatingRange;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;

/**
 * Predicts ratings: a logit, moved by an offset that all items share, on the scale of the ratings
 * through a logistic function (Salakhutdinov and Mnih, "Probabilistic Matrix Factorization", NIPS
 * 2007).
 */
final class RatingHead {

    private final RatingRange range;
    private final GraphVariable<TFloat32> offset;

    RatingHead(GraphVariables graph, FirstValues first, RatingRange range) {
        this.range = range;
        offset = graph.add("head/rating_offset", TFloat32.class, Shape.scalar(), first.constant(0));
    }

    GraphVariable<TFloat32> offset() {
        return offset;
    }

    /** Ratings of logits, in the ratings' own scale. */
    Operand<TFloat32> predict(Ops tf, Weights weights, Operand<TFloat32> logits) {
        Operand<TFloat32> share = tf.math.sigmoid(tf.math.add(logits, weights.of(offset)));
        return tf.math.add(
                tf.constant(range.least()),
                tf.math.mul(share, tf.constant(range.greatest() - range.least())));
    }

    /**
     * Mean squared error over the positions that have a rating.
     *
     * @param predicted [M]
     * @param ratings [M], NaN where there is none
     * @param positionWeights [M]
     */
    static Objective squaredError(
            Ops tf,
            Operand<TFloat32> predicted,
            Operand<TFloat32> ratings,
            Operand<TFloat32> positionWeights) {
        Operand<TBool> unrated = tf.math.isNan(ratings);
        Operand<TFloat32> known = tf.select(unrated, tf.constant(0f), ratings);
        Operand<TFloat32> counted = tf.select(unrated, tf.constant(0f), positionWeights);
        Operand<TFloat32> shares = tf.math.divNoNan(counted, tf.reduceSum(counted, tf.constant(0)));
        Operand<TFloat32> errors = tf.math.squaredDifference(predicted, known);
        return Objective.of(tf, tf.reduceSum(tf.math.mul(errors, shares), tf.constant(0)));
    }
}
