/**
 * A loaded SavedModel: its session, the contract that its signatures are checked against, calls of
 * them, and its variables.
 */
@NullMarked
package io.freshet.model.tensorflow.session;

import org.jspecify.annotations.NullMarked;
