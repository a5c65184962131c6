/**
 * What the reference model holds: a causal transformer over item vectors (SASRec family), authored
 * with TF-Java.
 *
 * <p>{@code ReferenceModel} puts it together: {@code ItemVariables} (all that there is per item,
 * and how rows come and go), {@code ItemVectors} (embedding plus adapter), {@code ItemContent}
 * (what the adapter maps, through {@code TextLayers} if there are any), {@code Transformer} (the
 * body, with {@code Dropout}), {@code RatingHead}, and the optimizer's slots ({@code RowAdam},
 * {@code DenseAdam}). {@code authoring} has the tools that it is made with, {@code signature} what
 * the model does.
 */
@NullMarked
package io.freshet.model.tensorflow.reference;

import org.jspecify.annotations.NullMarked;
