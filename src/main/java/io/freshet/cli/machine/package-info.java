/** What a command needs of the machine that it runs on, and what it leaves there. */
@NullMarked
package io.freshet.cli.machine;

import org.jspecify.annotations.NullMarked;
