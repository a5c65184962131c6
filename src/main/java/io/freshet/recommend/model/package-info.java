/** The live model: what it scores, and how it is read from the model store. */
@NullMarked
package io.freshet.recommend.model;

import org.jspecify.annotations.NullMarked;
