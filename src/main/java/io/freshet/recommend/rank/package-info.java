/** From candidates to a list: features, fusion, filters, diversity, reasons. */
@NullMarked
package io.freshet.recommend.rank;

import org.jspecify.annotations.NullMarked;
