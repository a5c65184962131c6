/**
 * What the reference model does, a class for each group of signatures: {@code TrainingGraph}
 * (forward to an {@code Objective} over {@code Candidates}, and down again by {@code
 * GradientStep}), {@code ScoringGraph}, {@code CatalogGraph}, {@code ChangeGraph}. {@code
 * ReferenceGraph} puts them together and writes the SavedModel.
 */
@NullMarked
package io.freshet.model.tensorflow.reference.signature;

import org.jspecify.annotations.NullMarked;
