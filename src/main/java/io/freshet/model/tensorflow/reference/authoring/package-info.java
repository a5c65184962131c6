/** TF-Java's missing exporter: variables, their first values, signatures and loops of a graph. */
@NullMarked
package io.freshet.model.tensorflow.reference.authoring;

import org.jspecify.annotations.NullMarked;
