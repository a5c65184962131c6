/** Features of items in the recommender, and the candidates that it finds among them. */
@NullMarked
package io.freshet.recommend.item;

import org.jspecify.annotations.NullMarked;
