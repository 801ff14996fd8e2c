package io.saccade.cli;

import java.util.concurrent.Callable;

/** A command that stays up until it is told to stop, and so logs what it does by default. */
interface Service extends Callable<Integer> {}
