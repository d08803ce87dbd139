/** Said with what a page asks by itself: a login whose person does nothing is idle all the same (security rule A7). */
export const unattended = { 'sallyport-unattended': '1' } as const;
