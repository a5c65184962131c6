/** The port to the deep model, JDK only: a recommender that trains, evaluates, scores and saves. */
@NullMarked
package io.freshet.model;

import org.jspecify.annotations.NullMarked;
