/** What may be asked for on the topic of requests, and why it may get no list. */
@NullMarked
package io.freshet.event.query;

import org.jspecify.annotations.NullMarked;
