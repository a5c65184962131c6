/**
 * The graph of the reference model, authored with TF-Java: a causal transformer over item vectors
 * (SASRec family).
 *
 * <p>{@code ReferenceGraph} puts it together. What it holds: {@code ItemRows} (all that there is
 * per item, and how rows come and go), {@code ItemVectors} (embedding plus adapter), {@code
 * ItemContent} (what the adapter maps, through {@code TextLayers} if there are any), {@code
 * Transformer} (the body). What it does, a class for each group of signatures: {@code
 * TrainingGraph} (forward, with {@code Dropout}, to an {@code Objective}: {@code SampledSoftmax},
 * {@code BinaryCrossEntropy}, {@code RatingHead}, {@code Distillation}; and down again by {@code
 * GradientStep}, with {@code RowAdam}, {@code DenseAdam} and {@code BodyAdam}), {@code
 * ScoringGraph}, {@code CatalogGraph}. {@code GraphVariables} and {@code GraphSignature} are
 * TF-Java's missing exporter.
 */
@NullMarked
package io.freshet.model.tensorflow.reference;

import org.jspecify.annotations.NullMarked;
