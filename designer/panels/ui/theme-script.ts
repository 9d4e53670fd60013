export const THEME_STORAGE_KEY = 'syncline-theme'

/** Runs in the page's head before anything is painted, so that a chosen theme never flashes. */
export const THEME_SCRIPT = `try{var t=localStorage.getItem('${THEME_STORAGE_KEY}');if(t==='light'||t==='dark')document.documentElement.dataset.theme=t}catch(e){}`
