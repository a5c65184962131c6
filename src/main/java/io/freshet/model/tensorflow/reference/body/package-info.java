/**
 * The body of the reference model: {@code Transformer}, what it takes of a position besides its
 * item ({@code AttributeVectors}), and {@code Dropout}.
 */
@NullMarked
package io.freshet.model.tensorflow.reference.body;

import org.jspecify.annotations.NullMarked;
