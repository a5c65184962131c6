/** From requests to lists: batching, live version and its swap, fusion, filters. */
@NullMarked
package io.freshet.recommend;

import org.jspecify.annotations.NullMarked;
