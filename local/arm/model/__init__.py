"""Scale sets, images, faults and the truth about them, without HTTP."""
