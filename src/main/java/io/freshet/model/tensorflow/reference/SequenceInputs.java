package io.freshet.model.tensorflow.reference;

import io.freshet.model.ModelSpec;
import io.freshet.model.tensorflow.reference.authoring.GraphSignature;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Operand;
import org.tensorflow.types.TInt32;

/**
 * Inputs of a signature that are sequences.
 *
 * @param items [B, T]
 * @param attributes hashes of what else is known of the positions, [B, T, K], 0 where unused; null
 *     if the model takes none
 */
public record SequenceInputs(Operand<TInt32> items, @Nullable Operand<TInt32> attributes) {

    public static SequenceInputs of(GraphSignature signature, ModelSpec spec) {
        return new SequenceInputs(
                signature.input("items", TInt32.class, -1, -1),
                spec.attributeBuckets() > 0
                        ? signature.input("attributes", TInt32.class, -1, -1, -1)
                        : null);
    }
}
